#include "text.hpp"

#include <algorithm>

namespace leaselock::tool {

namespace {

unsigned char byte(char c) { return static_cast<unsigned char>(c); }

/// Length in bytes of the UTF-8 character that `text` begins with; 0 if it begins with none (RFC 3629 section 4).
std::size_t character_length(std::string_view text) {
  const unsigned char first = byte(text[0]);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  const bool continues = std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(length),
                                     [](char c) { return (byte(c) & 0xC0) == 0x80; });
  if (!continues) return 0;
  const unsigned char second = byte(text[1]);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool too_large = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || too_large ? 0 : length;
}

/// Length in bytes of the first `columns` characters.
std::size_t bytes_of(std::string_view text, std::size_t columns) {
  std::size_t end = 0;
  for (; end < text.size() && columns > 0; --columns) {
    end += std::max<std::size_t>(character_length(text.substr(end)), 1);
  }
  return end;
}

bool is_control(std::string_view character) {
  const unsigned char first = byte(character[0]);
  return first < 0x20 || first == 0x7F || (first == 0xC2 && byte(character[1]) < 0xA0);
}

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (const char c : bytes) {
    result += "\\x";
    result += digits[byte(c) >> 4];
    result += digits[byte(c) & 0x0F];
  }
  return result;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    result += length == 0 || is_control(character) ? hexadecimal(character) : std::string(character);
    text.remove_prefix(character.size());
  }
  return result;
}

std::string as_utf8(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    result += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) return std::string(text);
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (; !text.empty(); ++columns) text.remove_prefix(std::max<std::size_t>(character_length(text), 1));
  return columns;
}

std::string first_characters(std::string_view text, std::size_t columns) {
  return std::string(text.substr(0, bytes_of(text, columns)));
}

std::string last_characters(std::string_view text, std::size_t columns) {
  const std::size_t all = columns_of(text);
  return std::string(text.substr(bytes_of(text, all - std::min(all, columns))));
}

}  // namespace leaselock::tool
