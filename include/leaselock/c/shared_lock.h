#pragma once

#include "leaselock/c/api.h"
#include "leaselock/c/options.h"
#include "leaselock/c/status.h"

LEASELOCK_C_BEGIN

/// Many readers or one writer, on any hosts that mount the path's directory. Each holder has a lease and a fencing
/// token; a writer's is greater than those of all readers and writers before it. Served in order of arrival: a writer
/// that waits lets no new reader pass. One handle is one holder, of one kind at a time. Options apply as to a lock, but
/// for the mirror; the mode must be fenced.
///
/// Everything else is as for leaselock_t: what a lease is, errors, blocking, thread safety, fork, freeing.
typedef struct leaselock_shared_t leaselock_shared_t;

/// Does no I/O. Errors: LEASELOCK_ERR_INVALID_OPTIONS.
LEASELOCK_C_API int leaselock_shared_new(const char* path, const leaselock_options_t* options,
                                         leaselock_shared_t** lock);
LEASELOCK_C_API void leaselock_shared_free(leaselock_shared_t** lock);

/// For a writer: alone. I/O. Errors: as leaselock_lock() and its relatives.
LEASELOCK_C_API int leaselock_shared_lock_exclusive(leaselock_shared_t* lock);
LEASELOCK_C_API int leaselock_shared_lock_exclusive_for(leaselock_shared_t* lock, int64_t timeout);
LEASELOCK_C_API int leaselock_shared_try_lock_exclusive(leaselock_shared_t* lock);
/// For a reader: beside other readers. I/O.
LEASELOCK_C_API int leaselock_shared_lock_shared(leaselock_shared_t* lock);
LEASELOCK_C_API int leaselock_shared_lock_shared_for(leaselock_shared_t* lock, int64_t timeout);
LEASELOCK_C_API int leaselock_shared_try_lock_shared(leaselock_shared_t* lock);

/// Gives back what is held, as reader or writer. I/O. Errors: as leaselock_unlock().
LEASELOCK_C_API int leaselock_shared_unlock(leaselock_shared_t* lock);

/// From reader to writer without letting anybody write in between; one attempt that never waits for others. I/O. The
/// token becomes a new one. Errors: LEASELOCK_ERR_TIMED_OUT, and still a reader, while there is another reader or a
/// writer waits: then unlock, lock exclusively, and read again; LEASELOCK_ERR_NOT_LOCKED when it is not held shared;
/// LEASELOCK_ERR_LEASE_LOST, and nothing is held then.
LEASELOCK_C_API int leaselock_shared_try_upgrade(leaselock_shared_t* lock);
/// From writer to reader without letting anybody write in between. Keeps the token. I/O.
/// Errors: LEASELOCK_ERR_NOT_LOCKED when it is not held exclusively; LEASELOCK_ERR_LEASE_LOST or a negative errno, and
/// nothing is held then.
LEASELOCK_C_API int leaselock_shared_downgrade(leaselock_shared_t* lock);

/// As the functions of leaselock_t, for either kind of hold. But a reader's lease never becomes longer than the one
/// that it took: _refresh_for can only make it shorter, and _lifetime tells the one that counts.
LEASELOCK_C_API int leaselock_shared_refresh(leaselock_shared_t* lock);
LEASELOCK_C_API int leaselock_shared_refresh_for(leaselock_shared_t* lock, int64_t lifetime);
LEASELOCK_C_API int leaselock_shared_may_act(const leaselock_shared_t* lock);
LEASELOCK_C_API int64_t leaselock_shared_remaining(const leaselock_shared_t* lock);
LEASELOCK_C_API uint64_t leaselock_shared_fencing_token(const leaselock_shared_t* lock);
/// How the writer before us ended.
LEASELOCK_C_API int leaselock_shared_predecessor(leaselock_shared_t* lock, int* end, const leaselock_holder_t** holder);

/// What this handle holds, 1 or 0, whether its lease runs or not. No I/O, any thread.
LEASELOCK_C_API int leaselock_shared_holds_shared(const leaselock_shared_t* lock);
LEASELOCK_C_API int leaselock_shared_holds_exclusive(const leaselock_shared_t* lock);

/// Who holds it and who waits. I/O. *status is the caller's.
LEASELOCK_C_API int leaselock_shared_status(leaselock_shared_t* lock, leaselock_status_t** status);

LEASELOCK_C_API const char* leaselock_shared_path(const leaselock_shared_t* lock);
LEASELOCK_C_API int64_t leaselock_shared_lifetime(const leaselock_shared_t* lock);

LEASELOCK_C_END
