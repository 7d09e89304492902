#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "verify/records.hpp"

/// Records as text. What is read was written by others: it is checked to the letter, and everything that is not
/// understood counts as absent. A JSON text that was cut off does not parse, so no trailer is needed.
namespace leaselock::tool::verify {

boost::json::value to_json(const Hold& hold);
/// Of everything but the holds.
boost::json::value to_json(const WorkerRecord& worker);
boost::json::value to_json(const Member& member);
boost::json::value to_json(const std::vector<Member>& members);
boost::json::value to_json(const HostRecord& record);

/// One line of a worker to its host adds a hold or ends the record. False when it is neither.
bool add_line(std::string_view line, WorkerRecord& worker);
std::optional<Member> parse_member(std::string_view text);
std::optional<std::vector<Member>> parse_members(std::string_view text);
std::optional<HostRecord> parse_host_record(std::string_view text);

/// Sixteen hexadecimal digits.
bool is_host_id(std::string_view text);

}  // namespace leaselock::tool::verify
