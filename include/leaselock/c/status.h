#pragma once

#include "leaselock/c/api.h"
#include "leaselock/c/holder.h"

LEASELOCK_C_BEGIN

/// Everything a look at a lock shows: leaselock_inspect(), leaselock_status(). A value that nobody else changes; any
/// thread may read it. What these functions return lives as long as the status. They take NULL as those of holder.h do.
///
typedef struct leaselock_status_t leaselock_status_t;

/// Frees *status and sets it to NULL; NULL is no error.
LEASELOCK_C_API void leaselock_status_free(leaselock_status_t** status);

LEASELOCK_C_API const char* leaselock_status_path(const leaselock_status_t* status);
/// LEASELOCK_KIND_...
LEASELOCK_C_API int leaselock_status_kind(const leaselock_status_t* status);
/// Of a semaphore; 1 of everything else.
LEASELOCK_C_API uint32_t leaselock_status_slots(const leaselock_status_t* status);
/// LEASELOCK_STATE_... of a lock. Of the other kinds: unlocked, or unknown when somebody holds it.
LEASELOCK_C_API int leaselock_status_state(const leaselock_status_t* status);

/// Who holds it, or the first of those who do; NULL when nobody does.
LEASELOCK_C_API const leaselock_holder_t* leaselock_status_holder(const leaselock_status_t* status);
/// Everybody who holds it, by slot and then by token: one at most of a lock, n of a semaphore, any number of readers.
LEASELOCK_C_API size_t leaselock_status_holders_count(const leaselock_status_t* status);
/// NULL when there are not so many.
LEASELOCK_C_API const leaselock_holder_t* leaselock_status_holders_at(const leaselock_status_t* status, size_t index);

/// Who waits, in order of arrival (fenced mode). Where the fast path is used only the first of each host is in it.
LEASELOCK_C_API size_t leaselock_status_queue_count(const leaselock_status_t* status);
/// NULL when there are not so many.
LEASELOCK_C_API const leaselock_waiter_t* leaselock_status_queue_at(const leaselock_status_t* status, size_t index);
/// Claims of others who want it (none without the mirror).
LEASELOCK_C_API const leaselock_names_t* leaselock_status_waiters(const leaselock_status_t* status);

/// 1 when the fence directory is there.
LEASELOCK_C_API int leaselock_status_fence(const leaselock_status_t* status);
/// 1 when something is at the lock path.
LEASELOCK_C_API int leaselock_status_lock_file(const leaselock_status_t* status);
/// The fencing token of the present hold, or of the last one; 0 when none is known.
LEASELOCK_C_API uint64_t leaselock_status_token(const leaselock_status_t* status);
/// Files of this lock that crashed processes left; leaselock_clean() removes them.
LEASELOCK_C_API const leaselock_names_t* leaselock_status_leftovers(const leaselock_status_t* status);
/// Empty, or what is wrong with what was found, in words.
LEASELOCK_C_API const char* leaselock_status_problem(const leaselock_status_t* status);

LEASELOCK_C_END
