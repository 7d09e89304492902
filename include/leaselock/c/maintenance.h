#pragma once

#include "leaselock/c/api.h"
#include "leaselock/c/options.h"
#include "leaselock/c/status.h"

LEASELOCK_C_BEGIN

// For operators: looking at a lock, breaking it, and clearing what crashed processes left. All do I/O and none extends
// a lease. Of the options mode, separator and trust must be those of the lock's users, and permissions where a group
// shares it; the rest is ignored; NULL for the defaults. Any thread.

/// Looks at a lock, semaphore or shared lock and changes nothing of it: see inspect() in maintenance.hpp.
/// *status is the caller's.
LEASELOCK_C_API int leaselock_inspect(const char* path, const leaselock_options_t* options,
                                      leaselock_status_t** status);

/// Breaks a lock whose lease has run out, as the next contender would; of a semaphore the slots whose leases have; a
/// shared lock only when no lease is left. *broke, which may be NULL, is set to 0 when nobody held it, else to 1.
/// Errors: LEASELOCK_ERR_STILL_ALIVE while the lease may be alive.
LEASELOCK_C_API int leaselock_break_expired(const char* path, const leaselock_options_t* options, int* broke);

/// Breaks a lock whatever its lease. Unsafe: the holder, if it lives, goes on until it next refreshes or asks
/// leaselock_may_act() after its deadline; only the fencing token protects the resource meanwhile.
LEASELOCK_C_API int leaselock_unsafe_break(const char* path, const leaselock_options_t* options, int* broke);

/// Removes what crashed processes left of one lock, and its fence directory if nobody holds the lock; nothing that may
/// be in use. *removed is the caller's; *kept is how many files may still be in use. Either may be NULL. Where a free
/// lock has a queue it waits until it is its turn: 17 s at most on a network file system, 1.7 s on a local one.
LEASELOCK_C_API int leaselock_clean(const char* path, const leaselock_options_t* options, leaselock_names_t** removed,
                                    size_t* kept);

/// The locks that have left traces in a directory: paths that leaselock_inspect() takes, sorted. *paths is the
/// caller's.
///
LEASELOCK_C_API int leaselock_locks_in(const char* directory, const leaselock_options_t* options,
                                       leaselock_names_t** paths);

LEASELOCK_C_END
