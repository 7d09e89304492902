#pragma once

#include "leaselock/c/api.h"

// What can be told about locks and those who hold or want them. All of it was written by somebody else: show it, do not
// act on it. What these functions return lives as long as what it was asked of. They take NULL and return nothing then:
// 0, "", LEASELOCK_NONE or NULL. No I/O.

LEASELOCK_C_BEGIN

/// What a path is used for.
enum { LEASELOCK_KIND_LOCK = 0, LEASELOCK_KIND_SEMAPHORE = 1, LEASELOCK_KIND_SHARED_LOCK = 2 };
/// "lock", "semaphore", "shared_lock"; "unknown" for other numbers. Valid for ever, as all names are.
LEASELOCK_C_API const char* leaselock_kind_name(int kind);

/// What state a lock is in, in the words of flufl.lock.
enum {
  LEASELOCK_STATE_UNLOCKED = 0,        ///< nobody holds it
  LEASELOCK_STATE_OURS = 1,            ///< this handle holds it and its lease runs
  LEASELOCK_STATE_OURS_EXPIRED = 2,    ///< this handle held it and the lease has run out; others may break it
  LEASELOCK_STATE_STALE = 3,           ///< the holder's process on this host is gone, whether its lease runs or not
  LEASELOCK_STATE_THEIRS_EXPIRED = 4,  ///< somebody else's lease has run out; the next contender breaks it
  LEASELOCK_STATE_UNKNOWN = 5          ///< somebody else holds it, or what is there cannot be understood
};
/// "unlocked", "ours", "ours_expired", ...
LEASELOCK_C_API const char* leaselock_state_name(int state);

/// How the hold before ours ended.
enum {
  LEASELOCK_PREDECESSOR_NONE = 0,      ///< there was none, or nothing is known of it
  LEASELOCK_PREDECESSOR_RELEASED = 1,  ///< properly, by its owner, or by who broke its lease (`leaselock break`)
  LEASELOCK_PREDECESSOR_EXPIRED = 2,   ///< its lease ran out: what it protected may be half done
  LEASELOCK_PREDECESSOR_DIED = 3       ///< its process, on this host, is gone, even if the lease had not run out
};
/// "none", "released", "expired", ...
LEASELOCK_C_API const char* leaselock_predecessor_name(int end);

/// Who holds a lock.
typedef struct leaselock_holder_t leaselock_holder_t;
LEASELOCK_C_API const char* leaselock_holder_host(const leaselock_holder_t* holder);
LEASELOCK_C_API int64_t leaselock_holder_pid(const leaselock_holder_t* holder);
/// The name of its claim file; empty when only the fence directory tells.
LEASELOCK_C_API const char* leaselock_holder_claim(const leaselock_holder_t* holder);
/// When its lease ends, on the server's clock; LEASELOCK_NONE when that is not known.
LEASELOCK_C_API int64_t leaselock_holder_expires(const leaselock_holder_t* holder);
/// Its fencing token; 0 when there is none, which is so in compat mode.
LEASELOCK_C_API uint64_t leaselock_holder_token(const leaselock_holder_t* holder);
/// Its slot of a semaphore, or LEASELOCK_NONE.
LEASELOCK_C_API int64_t leaselock_holder_slot(const leaselock_holder_t* holder);
/// 1 for a reader of a shared lock.
LEASELOCK_C_API int leaselock_holder_shared(const leaselock_holder_t* holder);
/// 1 when its process, on this host, is provably gone. Only leaselock_inspect() and the _status functions look.
LEASELOCK_C_API int leaselock_holder_gone(const leaselock_holder_t* holder);

/// Somebody who has a place in the queue.
typedef struct leaselock_waiter_t leaselock_waiter_t;
LEASELOCK_C_API const char* leaselock_waiter_host(const leaselock_waiter_t* waiter);
LEASELOCK_C_API int64_t leaselock_waiter_pid(const leaselock_waiter_t* waiter);
/// Since when, on the server's clock.
LEASELOCK_C_API int64_t leaselock_waiter_since(const leaselock_waiter_t* waiter);

/// A list of names of files.
typedef struct leaselock_names_t leaselock_names_t;
LEASELOCK_C_API size_t leaselock_names_count(const leaselock_names_t* names);
/// NULL when there are not so many.
LEASELOCK_C_API const char* leaselock_names_at(const leaselock_names_t* names, size_t index);
/// Frees *names, which must be one that the caller got to own, and sets it to NULL; NULL is no error.
LEASELOCK_C_API void leaselock_names_free(leaselock_names_t** names);

LEASELOCK_C_END
