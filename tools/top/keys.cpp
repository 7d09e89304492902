#include "top/keys.hpp"

#include <algorithm>
#include <array>

namespace leaselock::tool::top {

namespace {

struct Sequence {
  std::string_view typed;
  Key key;
};

// Cursor keys come with '[' or 'O', by the terminal's mode; letters are those of less(1).
constexpr std::array<Sequence, 19> sequences{{
    {"\x1b[5~", Key::page_up}, {"\x1b[6~", Key::page_down}, {"\x1b[1~", Key::first}, {"\x1b[4~", Key::last},
    {"\x1b[A", Key::up},       {"\x1bOA", Key::up},         {"\x1b[B", Key::down},   {"\x1bOB", Key::down},
    {"\x1b[H", Key::first},    {"\x1bOH", Key::first},      {"\x1b[F", Key::last},   {"\x1bOF", Key::last},
    {"q", Key::quit},          {"p", Key::pause},           {"s", Key::sort},        {"k", Key::up},
    {"j", Key::down},          {"g", Key::first},           {"G", Key::last},
}};

/// Length of an escape sequence that means nothing to us, so that its letters are not taken for keys.
std::size_t length_of_escape(std::string_view typed) {
  if (typed.size() < 2 || (typed[1] != '[' && typed[1] != 'O')) return 1;
  const auto end = std::find_if(typed.begin() + 2, typed.end(), [](char c) { return c >= '@' && c <= '~'; });
  return static_cast<std::size_t>(end - typed.begin()) + (end == typed.end() ? 0 : 1);
}

}  // namespace

std::vector<Key> keys_in(std::string_view typed) {
  std::vector<Key> keys;
  while (!typed.empty()) {
    const auto found = std::find_if(sequences.begin(), sequences.end(),
                                    [typed](const Sequence& one) { return typed.starts_with(one.typed); });
    if (found != sequences.end()) {
      keys.push_back(found->key);
      typed.remove_prefix(found->typed.size());
    } else {
      typed.remove_prefix(typed[0] == '\x1b' ? length_of_escape(typed) : 1);
    }
  }
  return keys;
}

}  // namespace leaselock::tool::top
