#pragma once

#include <sys/types.h>

#include <functional>

#include "bond.hpp"
#include "leaselock/lease_time.hpp"

namespace leaselock::tool {

/// `leaselock run` is two processes, so that either can be killed or stopped and the command does not run on unguarded:
///
///  * The *front* is what was started: it is the shell's job, the service's main process. It passes signals on and ends
///    as the keeper ended. Ctrl-Z stops it and the command.
///  * The *keeper*, its child in a process group of its own, holds the lock, refreshes it, and is the command's parent.
///  It
///    goes on while the front is stopped, and ends the command when the front is gone.
///
/// Where the keeper is killed, or does not run when the command must be gone, the front kills the command. Both take in
/// the processes that the command leaves behind (process_tree.hpp).
///
/// Calls `keep` in the keeper and returns, in both, what it returned; the front returns exit_lost where the keeper was
/// killed while a command ran.
///
/// when_killed: called in the front when the keeper was killed and nothing is left of the command, with the keeper's
/// process id: for what the keeper cannot do any more. It must not block for long.
///
/// Must be called while there is one thread. look_every: how often the front looks whether a command runs by now; less
/// than a command has when it starts.
/// Throws: std::system_error when no process could be started.
int run_in_keeper(Bond& bond, Duration look_every, const std::function<int()>& keep,
                  const std::function<void(pid_t)>& when_killed);

}  // namespace leaselock::tool
