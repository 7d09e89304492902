// What is typed on a command line, and keys that are pressed.
#include "leaselock/format_time.hpp"
#include "options.hpp"
#include "support.hpp"
#include "top/keys.hpp"

namespace leaselock::fuzz {
namespace {

void check_duration(std::string_view text) {
  const auto length = tool::parse_duration(text);
  if (!length) return;
  require(*length >= Duration::zero() && *length <= Duration::max() / 2 + Duration(1), "a length can be added", text);
  const auto again = tool::parse_duration(std::to_string(length->count() / 1000) + "us");
  require(again && *again <= *length + std::chrono::microseconds(1) + *length / 1'000'000, "and be written", text);
  require(!format_duration(*length).empty(), "and be shown", text);
}

void check_permissions(std::string_view text) {
  const auto bits = tool::parse_permissions(text);
  if (!bits) return;
  require(*bits <= 07777U, "permissions are twelve bits", text);
  std::string digits;
  for (std::uint32_t left = *bits; left != 0; left >>= 3U) digits.insert(digits.begin(), char('0' + (left & 7U)));
  const auto significant = text.find_first_not_of('0');
  require(digits == (significant == text.npos ? "" : text.substr(significant)), "they are octal digits", text);
}

}  // namespace
}  // namespace leaselock::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leaselock;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  fuzz::check_duration(text);
  fuzz::check_permissions(text);
  fuzz::require(tool::top::keys_in(text).size() <= size, "no key comes from nothing", text);
  return 0;
}
