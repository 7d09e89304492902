#pragma once

#include <ctime>

#include "leaselock/lease_time.hpp"
#include "protocol/file_status.hpp"

namespace leaselock::posix {

/// stat of `name` in an open directory, never through a symbolic link; an empty name is the descriptor itself, which
/// may then be any file. `force` asks the server instead of the client's cache. Returns an errno value.
int look(int directory, const char* name, bool force, protocol::FileStatus& status);

timespec to_timespec(ServerTime time);

}  // namespace leaselock::posix
