#include "marker_name.hpp"

#include <algorithm>

namespace leaselock::tool {

namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view hexadecimal = "0123456789abcdef";
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool consists_of(std::string_view text, std::initializer_list<std::string_view> sets) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return std::any_of(sets.begin(), sets.end(), [c](std::string_view set) { return set.find(c) != set.npos; });
  });
}

bool is_host(std::string_view text) { return !text.empty() && consists_of(text, {letters, digits, "-."}); }
bool is_pid(std::string_view text) {
  return !text.empty() && text.size() <= 10 && text.front() != '0' && consists_of(text, {digits});
}
bool is_nonce(std::string_view text) { return text.size() == 8 && consists_of(text, {hexadecimal}); }

/// Takes what follows the last dot off.
std::string_view take_last_part(std::string_view& text) {
  const auto dot = text.rfind('.');
  if (dot == std::string_view::npos) return {};
  const std::string_view part = text.substr(dot + 1);
  text = text.substr(0, dot);
  return part;
}

bool is_id(std::string_view text) {
  const std::string_view nonce = take_last_part(text);
  const std::string_view pid = take_last_part(text);
  return is_nonce(nonce) && is_pid(pid) && is_host(text);
}

}  // namespace

std::string to_string(MarkerState state) { return state == MarkerState::ready ? "ready" : "running"; }

std::string MarkerName::file(MarkerState state) const { return id + '_' + name + '.' + to_string(state); }

std::string MarkerName::temporary() const { return '.' + id + '_' + name + ".tmp"; }

bool is_marker_label(std::string_view name) {
  return !name.empty() && name.front() != '.' && consists_of(name, {letters, digits, "._-"});
}

std::string marker_id(const std::string& host, pid_t pid, const std::string& nonce) {
  std::string id = host;
  for (char& c : id) {
    if (!is_host({&c, 1})) c = '-';
  }
  return id + '.' + std::to_string(pid) + '.' + nonce;
}

std::optional<std::string> id_of_marker(std::string_view file, std::string_view name) {
  const auto end = file.find('_');
  if (end == std::string_view::npos) return std::nullopt;
  std::string id(file.substr(0, end));
  if (id.starts_with('.')) id.erase(0, 1);
  const MarkerName meant{id, std::string(name)};
  const bool is_one =
      file == meant.file(MarkerState::ready) || file == meant.file(MarkerState::running) || file == meant.temporary();
  return is_one && is_id(id) ? std::optional(id) : std::nullopt;
}

}  // namespace leaselock::tool
