#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/names.hpp"

/// What names are made of (docs/format.md): for names.cpp and fence_names.cpp.
namespace leaselock::protocol {

/// Exactly one spelling for each number, so that no two names mean the same.
template <typename Integer>
std::optional<Integer> parse_number(std::string_view text) {
  // "-0" would be another one for 0.
  if (text.empty() || text.front() == '-' || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <typename Integer>
void append_number(std::string& text, Integer value) {
  std::array<char, 24> digits{};
  text.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr);
}

bool is_hex(std::string_view text, std::size_t digits);
bool is_digits(std::string_view text);
/// Not empty, and harmless to show: neither '/' nor control characters.
bool is_host(std::string_view text);
std::vector<std::string_view> split(std::string_view text, std::string_view separator);
/// `boot.start.random`, optionally followed by `.count`.
std::optional<Owner> parse_object(std::string_view text, bool with_count);

}  // namespace leaselock::protocol
