#include "drive/trace.hpp"

#include <system_error>
#include <variant>

namespace leaselock::drive {

namespace {

/// What the answer adds to "ok", for the steps whose answers decide something.
std::string detail(const protocol::Step& step, const protocol::Result& result) {
  if (std::holds_alternative<protocol::step::List>(step)) {
    std::string names;
    for (const protocol::Entry& entry : result.entries) names += " " + entry.name;
    return names;
  }
  if (std::holds_alternative<protocol::step::ProbeProcess>(step)) return result.gone ? " gone" : " alive";
  if (std::holds_alternative<protocol::step::Link>(step) || std::holds_alternative<protocol::step::Look>(step)) {
    return " inode " + std::to_string(result.status.inode) + " links " + std::to_string(result.status.links);
  }
  return {};
}

}  // namespace

std::string trace_line(const protocol::Step& step, const protocol::Result& result) {
  const std::string line = protocol::to_string(step) + ": ";
  if (result.error != 0) return line + std::error_code(result.error, std::generic_category()).message();
  return line + "ok" + detail(step, result);
}

}  // namespace leaselock::drive
