#pragma once

#include "leaselock/c/api.h"
#include "leaselock/c/options.h"
#include "leaselock/c/status.h"

LEASELOCK_C_BEGIN

/// At most n holders of a path at a time, on any hosts that mount its directory: each has a slot of its own, with a
/// lease and a fencing token. A crash frees that slot and no other.
///
/// n belongs to the path. It is settled by whoever comes first; a contender with another n gets
/// LEASELOCK_ERR_DIFFERENT_PURPOSE, and leaselock_semaphore_resize() changes it. One handle is one holder, of one slot
/// or of several that it took together. Options apply as to a lock, but for the mirror; the mode must be fenced.
///
/// Everything else is as for leaselock_t: what a lease is, errors, blocking, thread safety, fork, freeing.
typedef struct leaselock_semaphore_t leaselock_semaphore_t;

enum { LEASELOCK_SEMAPHORE_MOST_SLOTS = 1024 };

/// Does no I/O. Errors: LEASELOCK_ERR_INVALID_OPTIONS, also for slots out of 1 to LEASELOCK_SEMAPHORE_MOST_SLOTS.
LEASELOCK_C_API int leaselock_semaphore_new(const char* path, uint32_t slots, const leaselock_options_t* options,
                                            leaselock_semaphore_t** semaphore);
LEASELOCK_C_API void leaselock_semaphore_free(leaselock_semaphore_t** semaphore);

/// Waits for `count` slots: all or none. I/O. Errors: as leaselock_lock(); LEASELOCK_ERR_INVALID_OPTIONS when count is
/// 0, more than there are, or more than 1 where the options are not fair.
LEASELOCK_C_API int leaselock_semaphore_acquire(leaselock_semaphore_t* semaphore, uint32_t count);
LEASELOCK_C_API int leaselock_semaphore_acquire_for(leaselock_semaphore_t* semaphore, uint32_t count, int64_t timeout);
/// LEASELOCK_ERR_TIMED_OUT when there are not enough.
LEASELOCK_C_API int leaselock_semaphore_try_acquire(leaselock_semaphore_t* semaphore, uint32_t count);

/// Gives back everything that is held. I/O. Errors: as leaselock_unlock().
LEASELOCK_C_API int leaselock_semaphore_release(leaselock_semaphore_t* semaphore);
/// Extends the leases of all slots that are held. I/O. Errors: as leaselock_refresh(). When one slot was lost the
/// others are given back, and it is LEASELOCK_ERR_LEASE_LOST.
LEASELOCK_C_API int leaselock_semaphore_refresh(leaselock_semaphore_t* semaphore);
LEASELOCK_C_API int leaselock_semaphore_refresh_for(leaselock_semaphore_t* semaphore, int64_t lifetime);

/// Changes how many slots the path has: waits until it holds all of them, then makes it anew. This handle must hold
/// nothing; it may have been made with any number, and has the new one afterwards. I/O. Errors: as acquiring;
/// LEASELOCK_ERR_ALREADY_LOCKED.
LEASELOCK_C_API int leaselock_semaphore_resize(leaselock_semaphore_t* semaphore, uint32_t slots, int64_t timeout);

/// As the functions of leaselock_t; of several slots, for the one whose lease ends first. No I/O, any thread.
LEASELOCK_C_API int leaselock_semaphore_may_act(const leaselock_semaphore_t* semaphore);
LEASELOCK_C_API int64_t leaselock_semaphore_remaining(const leaselock_semaphore_t* semaphore);
/// The token of the first slot that is held, or 0. No I/O, any thread.
LEASELOCK_C_API uint64_t leaselock_semaphore_fencing_token(const leaselock_semaphore_t* semaphore);
/// What is held, in order of index. *count is set to how many slots that is; the first `capacity` of them are written
/// to the arrays, of which each may be NULL. No I/O, any thread.
LEASELOCK_C_API int leaselock_semaphore_held(const leaselock_semaphore_t* semaphore, uint32_t* indexes,
                                             uint64_t* tokens, size_t capacity, size_t* count);
LEASELOCK_C_API int leaselock_semaphore_predecessor(leaselock_semaphore_t* semaphore, int* end,
                                                    const leaselock_holder_t** holder);

/// Who holds the slots and who waits. I/O. *status is the caller's.
LEASELOCK_C_API int leaselock_semaphore_status(leaselock_semaphore_t* semaphore, leaselock_status_t** status);

LEASELOCK_C_API const char* leaselock_semaphore_path(const leaselock_semaphore_t* semaphore);
LEASELOCK_C_API uint32_t leaselock_semaphore_slots(const leaselock_semaphore_t* semaphore);
LEASELOCK_C_API int64_t leaselock_semaphore_lifetime(const leaselock_semaphore_t* semaphore);

LEASELOCK_C_END
