#pragma once

#include <sys/types.h>

#include <string>

/// What a test asks about the processes that it started.
namespace leaselock::cli_test {

/// It can still do something: it has not ended, whether its parent has noticed or not.
bool is_alive(pid_t pid);

/// The letter of proc(5): T is stopped.
char state_of(pid_t pid);

/// A descendant by the name that ps shows; 0 if there is none (yet).
pid_t descendant_named(pid_t ancestor, const std::string& name);

/// Sends a signal to the process that keeps the lock of a `leaselock run`; false if there is none.
bool send_to_keeper(pid_t front, int signal_number);

/// The number in a file that a process wrote about itself; 0 before it did.
pid_t pid_in(const std::string& path);

/// Kills the process that wrote this file, if it still runs.
void end(const std::string& path);

}  // namespace leaselock::cli_test
