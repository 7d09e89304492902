#pragma once

#include <poll.h>

#include <span>

#include "leaselock/lease_time.hpp"

namespace leaselock::posix {

/// Waits until one of the descriptors has something to tell, which is then in its revents (true), or until the lease
/// clock says `until` (false). A negative descriptor tells nothing. Signals do not end the wait.
bool wait_readable(std::span<pollfd> descriptors, LeaseTime until);

}  // namespace leaselock::posix
