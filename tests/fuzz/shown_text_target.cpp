// Text that others wrote, made safe to show.
#include <algorithm>

#include "support.hpp"
#include "text.hpp"

namespace leaselock::fuzz {
namespace {

using namespace tool;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; }

void check(std::string_view text) {
  const std::string shown = printable(text);
  require(std::ranges::none_of(shown, is_control), "no control character is left", text);
  require(as_utf8(shown) == shown, "what is shown is UTF-8", text);
  require(printable(shown) == shown, "and is shown as it is", text);
  const std::string json = as_utf8(text);
  require(as_utf8(json) == json, "UTF-8 stays as it is", text);
  require(columns_of(json) == columns_of(text), "each bad byte becomes one character", text);
  const std::size_t columns = columns_of(shown);
  for (const std::size_t some : {std::size_t{0}, std::size_t{1}, columns / 2, columns, columns + 1}) {
    require(columns_of(first_characters(shown, some)) == std::min(some, columns), "so many are cut off", text);
    require(columns_of(last_characters(shown, some)) == std::min(some, columns), "at either end", text);
  }
}

/// As a shell takes a word that is plain or in single quotes.
std::string unquoted(std::string_view word) {
  std::string text;
  bool inside = false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '\'') {
      inside = !inside;
    } else if (!inside && word[i] == '\\') {
      text += word[++i];
    } else {
      require(inside || std::string_view(" \t\n;&|<>()$`\"*?[]#~!{}").find(word[i]) == std::string_view::npos,
              "nothing means something to a shell", word);
      text += word[i];
    }
  }
  require(!inside, "a quote ends", word);
  return text;
}

}  // namespace
}  // namespace leaselock::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leaselock::fuzz;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check(text);
  require(unquoted(leaselock::tool::shell_word(text)) == text, "a shell reads the word back", text);
  return 0;
}
