#pragma once

#include <cstdint>
#include <optional>
#include <string>

/// What /proc tells of processes. Everything may be unreadable: then the answer is empty.
namespace leaselock::posix {

/// The kernel's boot and the name spaces in which process ids and start times are counted: processes that share it
/// can judge one another by them.
std::optional<std::string> boot_identity();

/// Start time in clock ticks since boot. Empty when there is no such process or it cannot be seen.
std::optional<std::uint64_t> start_time(std::int64_t pid);

/// The start time in the text of /proc/PID/stat (proc(5), field 22). The second field is the program's name, which
/// may contain anything, so the fields are counted from the last closing parenthesis.
std::optional<std::uint64_t> parse_start_time(const std::string& stat);

}  // namespace leaselock::posix
