#pragma once

#include "arguments.hpp"

/// What leaselock_nfs_worker can do. Each command reads its own arguments and returns the program's exit status.
namespace leaselock::nfs {

/// contend LOCKFILE: takes and gives back a lock again and again, and says at which moments it believed to own it.
int contend(Arguments arguments);
/// cycle LOCKFILE: performs one operation a number of times and says which requests that cost.
int cycle(Arguments arguments);
/// ops MOUNTPOINT: the requests that a mount has made so far.
int ops(Arguments arguments);
/// clock set SECONDS | clock drift PPM | clock read: this kernel's clocks.
int clock(Arguments arguments);

}  // namespace leaselock::nfs
