#pragma once

#include <string>

#include "server_kind.hpp"

namespace leaselock::cluster {

/// Why no cluster with that server can be booted on this machine, in words for people, or nothing if one can.
std::string missing_requirement(ServerKind server = ServerKind::kernel);

}  // namespace leaselock::cluster
