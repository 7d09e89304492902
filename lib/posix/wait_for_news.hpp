#pragma once

#include <optional>

#include "leaselock/lease_time.hpp"
#include "posix/directory_watch.hpp"
#include "protocol/step.hpp"

namespace leaselock::posix {

/// Waits until the lease clock says `until`, or until there is news of a watched directory or the process is proven
/// gone, whichever may be given. What cannot be waited for here is left out of it.
void wait_for_news(DirectoryWatch* watch, const std::optional<protocol::step::ProcessId>& process, LeaseTime until);

}  // namespace leaselock::posix
