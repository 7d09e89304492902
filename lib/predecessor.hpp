#pragma once

#include "leaselock/holder.hpp"
#include "ports/host.hpp"
#include "protocol/session.hpp"

namespace leaselock {

/// How the hold before the session's ended. Whether its process has died is asked now.
Predecessor predecessor_of(const protocol::Session& session, ports::Host& host);

}  // namespace leaselock
