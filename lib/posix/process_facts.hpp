#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ports/host.hpp"

/// What /proc tells of processes. Everything may be unreadable: then the answer is empty.
namespace leaselock::posix {

/// The kernel's boot and the name spaces in which process ids and start times are counted: processes that share it
/// can judge one another by them.
std::optional<std::string> boot_identity();

/// Start time in clock ticks since boot. Empty when there is no such process or it cannot be seen.
std::optional<std::uint64_t> start_time(std::int64_t pid);

/// No process has this id in our name space.
bool is_unused(std::int64_t pid);

/// What is certain of the process of our boot and name space that has, or had, this id and start time: gone when it
/// does nothing any more. A start of 0 means that it is not known.
ports::ProcessState state_of(std::uint64_t start, std::int64_t pid);

/// What /proc/PID/stat says of a process.
struct ProcessStat {
  char state = '?';
  std::int64_t threads = 0;
  std::uint64_t start = 0;

  /// Nothing of it runs: it has only not been fetched by its parent yet.
  bool is_remains() const { return (state == 'Z' || state == 'X') && threads <= 1; }
};

/// The text of /proc/PID/stat (proc(5), fields 3, 20 and 22). The second field is the program's name, which may
/// contain anything, so the fields are counted from the last closing parenthesis.
std::optional<ProcessStat> parse_stat(const std::string& stat);

}  // namespace leaselock::posix
