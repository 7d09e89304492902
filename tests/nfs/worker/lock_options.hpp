#pragma once

#include <string>

#include "arguments.hpp"
#include "leaselock/options.hpp"

namespace leaselock::nfs {

/// "fenced", "fenced-no-mirror" or "compat": the others are no modes of a Lock but other classes.
bool is_mode_of_lock(const std::string& mode);

/// --mode, --lifetime, --timeout, --drift-ppm and --distrust-server-clock.
LockOptions lock_options(Arguments& arguments);

}  // namespace leaselock::nfs
