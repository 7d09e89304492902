#include "protocol/name_parts.hpp"

#include <algorithm>

namespace leaselock::protocol {

bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_host(std::string_view text) {
  return !text.empty() && std::ranges::none_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < ' ' || byte == 0x7F || c == '/';
  });
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> fields;
  for (;;) {
    const auto at = text.find(separator);
    fields.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return fields;
    text.remove_prefix(at + separator.size());
  }
}

std::optional<Owner> parse_object(std::string_view text, bool with_count) {
  const auto fields = split(text, ".");
  if (fields.size() != (with_count ? 4U : 3U)) return std::nullopt;
  const auto start = parse_number<std::uint64_t>(fields[1]);
  if (!is_hex(fields[0], 16) || !start || !is_hex(fields[2], 32)) return std::nullopt;
  if (with_count && !parse_number<std::uint64_t>(fields[3])) return std::nullopt;
  Owner owner;
  owner.boot = fields[0];
  owner.start = *start;
  owner.random = fields[2];
  return owner;
}

}  // namespace leaselock::protocol
