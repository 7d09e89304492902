#pragma once

#include <optional>
#include <string>

#include "leaselock/holder.hpp"
#include "table.hpp"

/// What tables say of a holder. Times are compared with this host's clock: for people, never to decide anything.
namespace leaselock::tool {

/// What is left of its lease; negative when that has run out. Empty where nothing is known.
std::optional<Duration> lease_left(const Holder& holder, WallTime now);

/// How long it has held the lock: its fencing token follows the server's clock in microseconds (protocol.md 5.3).
/// Empty where there is no token.
std::optional<Duration> held_for(const Holder& holder, WallTime now);

bool lease_ran_out(const Holder& holder, WallTime now);
/// Its lease ran out, or its process is gone.
bool needs_attention(const Holder& holder, WallTime now);

/// "held", "reads", "writes", "lease ran out", "process is gone"; "comes next" is a writer that lets no more readers in
/// and waits for those that are there.
Cell state_of(const Holder& holder, const LockStatus& status, WallTime now);

/// "12.3s", or "-3.2s" in red; nothing where nothing is known.
Cell lease_of(const Holder& holder, WallTime now);

/// "2 of 3 slots held", "held by 4 readers", "unlocked": in one line who holds a semaphore or a shared lock.
Cell summary_of(const LockStatus& status, WallTime now);

/// "1 waits", "12 wait".
std::string number_waiting(std::size_t waiters);

}  // namespace leaselock::tool
