#pragma once

#include "arguments.hpp"
#include "leaselock/options.hpp"

namespace leaselock::nfs {

/// --mode, --lifetime, --timeout, --drift-ppm and --distrust-server-clock. Throws UsageError.
LockOptions lock_options(Arguments& arguments);

}  // namespace leaselock::nfs
