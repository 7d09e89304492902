#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Everything that a process started, however it detached itself. With PR_SET_CHILD_SUBREAPER a process becomes the
/// parent of what its descendants leave behind, so nobody gets away by fork, setsid or a double fork; whoever has no
/// child left (waitpid(2) says ECHILD) has no descendant left either.
namespace leaselock::tool {

struct Descendant {
  pid_t pid = -1;
  pid_t parent = -1;
  std::string name;
};

/// What runs, as /proc tells: not the ancestor itself and not what has ended and was not fetched yet.
std::vector<Descendant> descendants_of(pid_t ancestor);

/// Stopped by a signal.
bool is_stopped(pid_t pid);

/// When it was started, in clock ticks since boot: never 0 but for what has ended and only waits to be fetched by its
/// parent. Empty when there is no such process or it cannot be seen.
std::optional<std::uint64_t> start_time(pid_t pid);

/// Sends a signal to all of them but `spared`.
void signal_descendants(pid_t ancestor, int number, pid_t spared = 0);

/// Kills all of them but `spared`, again and again until no new one turns up: what was sent SIGKILL starts nothing any
/// more, fork(2) included. A process that replaces itself faster than /proc can be read may escape this; a control
/// group lets nothing escape.
void kill_descendants(pid_t ancestor, pid_t spared = 0);

}  // namespace leaselock::tool
