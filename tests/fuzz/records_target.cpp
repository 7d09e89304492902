// What `leaselock verify` reads of other hosts.
#include <boost/json/serialize.hpp>

#include "support.hpp"
#include "verify/record_json.hpp"

namespace leaselock::fuzz {
namespace {

using namespace tool::verify;

std::string text_of(const auto& record) { return boost::json::serialize(to_json(record)); }

void check(std::string_view text) {
  if (const auto member = parse_member(text)) {
    const auto again = parse_member(text_of(*member));
    require(again && text_of(*again) == text_of(*member), "a member is read back", text);
  }
  if (const auto members = parse_members(text)) {
    const auto again = parse_members(text_of(*members));
    require(again && text_of(*again) == text_of(*members), "a list of members is read back", text);
  }
  if (const auto record = parse_host_record(text)) {
    const auto again = parse_host_record(text_of(*record));
    require(again && text_of(*again) == text_of(*record), "a record is read back", text);
  }
  WorkerRecord worker;
  add_line(text, worker);
}

}  // namespace
}  // namespace leaselock::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  leaselock::fuzz::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
