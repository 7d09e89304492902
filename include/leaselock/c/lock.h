#pragma once

#include "leaselock/c/api.h"
#include "leaselock/c/options.h"
#include "leaselock/c/status.h"

LEASELOCK_C_BEGIN

/// A lock on a path, shared by processes on any host that mount the same directory.
///
/// A holder owns the lock for a lifetime and must refresh it to keep it longer. When the lease runs out others may take
/// the lock while the former holder still runs: no lock file can stop code, it can only tell it. Ask
/// leaselock_may_act() before doing harm, and let the protected resource check the fencing token (docs/guarantees.md).
///
/// Blocking: functions marked "I/O" make a bounded number of file-system calls, each of which may block for minutes on
/// a hard NFS mount and cannot be cancelled. Thread safety: distinct handles are independent; two on one path exclude
/// each other like two processes. One handle must not be used by two threads at once: the second call returns
/// LEASELOCK_ERR_MISUSE and does nothing. Except leaselock_may_act(), leaselock_remaining() and
/// leaselock_fencing_token(), which are safe at any time from any thread until the handle is freed. Fork: the child's
/// copy holds nothing and can not touch what the parent holds; free it there too. Errors: see error.h.
typedef struct leaselock_t leaselock_t;

/// path: what all contenders agreed on; its directory must exist. options: NULL for the defaults. Does no I/O.
/// Errors: LEASELOCK_ERR_INVALID_OPTIONS, -ENOMEM; then *lock is NULL.
LEASELOCK_C_API int leaselock_new(const char* path, const leaselock_options_t* options, leaselock_t** lock);
/// Frees *lock and sets it to NULL, so that a second call does nothing; NULL is no error. A lock that is held is given
/// back as best it can, I/O; one that is kept alive is when its keep-alive is freed. It has the shape that
/// __attribute__((cleanup)) wants.
LEASELOCK_C_API void leaselock_free(leaselock_t** lock);

/// Waits until the lock is ours, for as long as the options say. I/O. After an error nothing is held.
/// Errors: LEASELOCK_ERR_TIMED_OUT, LEASELOCK_ERR_ALREADY_LOCKED, LEASELOCK_ERR_CANCELLED,
/// LEASELOCK_ERR_NOT_A_LOCK_FILE, LEASELOCK_ERR_HARD_LINKS_UNSUPPORTED, LEASELOCK_ERR_FAST_PATH_UNAVAILABLE,
/// LEASELOCK_ERR_FENCE_UNTRUSTED, LEASELOCK_ERR_FENCE_DAMAGED, LEASELOCK_ERR_NAME_TOO_LONG,
/// LEASELOCK_ERR_LIFETIME_TOO_SHORT, LEASELOCK_ERR_DIFFERENT_PURPOSE; -ENOENT, -EACCES, -EROFS, -ENOSPC, ... from the
/// operating system.
LEASELOCK_C_API int leaselock_lock(leaselock_t* lock);
/// The same with a timeout of its own: LEASELOCK_FOREVER, or 0 for one full attempt.
LEASELOCK_C_API int leaselock_lock_for(leaselock_t* lock, int64_t timeout);
/// One full attempt, which breaks a lease that has run out: LEASELOCK_ERR_TIMED_OUT when somebody else holds it. I/O.
LEASELOCK_C_API int leaselock_try_lock(leaselock_t* lock);

/// Gives the lock back. I/O. In every case this handle holds nothing afterwards.
/// Errors: LEASELOCK_ERR_NOT_LOCKED; LEASELOCK_ERR_LEASE_LOST when somebody may have owned the lock before we gave it
/// back: what was done meanwhile was not protected; a negative errno when it could not be given back, and then it ends
/// by itself when the lease does.
LEASELOCK_C_API int leaselock_unlock(leaselock_t* lock);
/// Gives the lock back and removes all of its files: for lock names that will not be used again. The handle stays. I/O.
/// A hold younger than the grace waits until it is that old. Errors: as leaselock_unlock().
LEASELOCK_C_API int leaselock_unlock_and_destroy(leaselock_t* lock);

/// Extends the lease to a full lifetime from now. I/O. Success proves that the lock was ours without a gap.
/// Errors: LEASELOCK_ERR_NOT_LOCKED; LEASELOCK_ERR_LEASE_LOST: stop the work; LEASELOCK_ERR_MIRROR_LOST: ours still,
/// but flufl.lock processes are not excluded; a negative errno means unknown: the old lease still counts, try again.
LEASELOCK_C_API int leaselock_refresh(leaselock_t* lock);
/// The same, setting the lifetime first.
LEASELOCK_C_API int leaselock_refresh_for(leaselock_t* lock, int64_t lifetime);

/// 1 while the lease is certainly ours, else 0; also for NULL. No I/O, any thread.
LEASELOCK_C_API int leaselock_may_act(const leaselock_t* lock);
/// How long that will stay so unless refreshed; 0 when it is not. No I/O, any thread.
LEASELOCK_C_API int64_t leaselock_remaining(const leaselock_t* lock);
/// The token of the present hold, which grows with every hold; 0 when nothing is held, and always in compat mode. No
/// I/O, any thread.
LEASELOCK_C_API uint64_t leaselock_fencing_token(const leaselock_t* lock);
/// How the hold before ours ended, LEASELOCK_PREDECESSOR_..., as found when the lock was last acquired; and whose it
/// was, where it did not release: NULL else. The holder is valid until the next call of this function. Either may be
/// NULL. No I/O.
LEASELOCK_C_API int leaselock_predecessor(leaselock_t* lock, int* end, const leaselock_holder_t** holder);

/// Looks whether this handle holds the lock, 1 or 0. I/O; never extends the lease.
LEASELOCK_C_API int leaselock_is_locked(leaselock_t* lock, int* is_locked);
/// Looks what state the lock is in, LEASELOCK_STATE_.... I/O; never extends anybody's lease.
LEASELOCK_C_API int leaselock_state(leaselock_t* lock, int* state);
/// When the present holder's lease ends, as flufl.lock reads it. I/O. Errors: LEASELOCK_ERR_NOT_LOCKED when nobody
/// does.
LEASELOCK_C_API int leaselock_expiration(leaselock_t* lock, int64_t* time);
/// Who holds it and who waits, as leaselock_inspect() tells with this lock's options. I/O. *status is the caller's.
LEASELOCK_C_API int leaselock_status(leaselock_t* lock, leaselock_status_t** status);

/// What the handle was made with and for. No I/O. Strings are valid until the handle is freed or used again; "" for
/// NULL.
LEASELOCK_C_API const char* leaselock_path(const leaselock_t* lock);
LEASELOCK_C_API const char* leaselock_hostname(const leaselock_t* lock);
LEASELOCK_C_API int64_t leaselock_lifetime(const leaselock_t* lock);
/// Acts at the next locking or refreshing. Errors: LEASELOCK_ERR_INVALID_OPTIONS.
LEASELOCK_C_API int leaselock_set_lifetime(leaselock_t* lock, int64_t lifetime);
/// Path of this handle's claim file; empty before the first attempt and in fenced mode without the mirror.
LEASELOCK_C_API int leaselock_claimfile(leaselock_t* lock, const char** path);

LEASELOCK_C_END
