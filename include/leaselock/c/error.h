#pragma once

#include "leaselock/c/api.h"

LEASELOCK_C_BEGIN

/// What functions return that can fail: LEASELOCK_OK, one of these, or a negative errno of the operating system, such
/// as -ENOSPC or -ENOMEM. No exception ever leaves this interface. The numbers never change.
enum {
  LEASELOCK_OK = 0,
  /// Somebody else held the lock for the whole timeout; what a try returns that was not lucky.
  LEASELOCK_ERR_TIMED_OUT = 1,
  /// This handle holds the lock already. Unlock it first, or use a second handle.
  LEASELOCK_ERR_ALREADY_LOCKED = 2,
  /// This handle does not hold the lock. Nothing was changed.
  LEASELOCK_ERR_NOT_LOCKED = 3,
  /// The lease ran out and somebody else may have taken the lock. Stop the protected work; check the fencing token.
  LEASELOCK_ERR_LEASE_LOST = 4,
  /// The file system has no hard links, or forbids them here. Use a lock without the mirror, or another directory.
  LEASELOCK_ERR_HARD_LINKS_UNSUPPORTED = 5,
  /// Something that is no lock file is at the lock path. It was not touched: move it, or choose another path.
  LEASELOCK_ERR_NOT_A_LOCK_FILE = 6,
  /// The fence directory belongs to somebody else or is writable by everybody. See
  /// leaselock_options_set_permissions() and leaselock_options_set_trust().
  LEASELOCK_ERR_FENCE_UNTRUSTED = 7,
  /// The fence directory holds something that is not part of the protocol. Look at it with `leaselock status`.
  LEASELOCK_ERR_FENCE_DAMAGED = 8,
  /// The names this lock would need are longer than the file system allows. Choose a shorter lock name.
  LEASELOCK_ERR_NAME_TOO_LONG = 9,
  /// The lifetime is shorter than this file system's clock can judge, or than its round trips need. Raise it.
  LEASELOCK_ERR_LIFETIME_TOO_SHORT = 10,
  /// The options contradict one another or hold a value out of range.
  LEASELOCK_ERR_INVALID_OPTIONS = 11,
  /// The lock is still ours, but flufl.lock processes are not excluded any more: their lock file was taken away.
  LEASELOCK_ERR_MIRROR_LOST = 12,
  /// The lease may still be alive, so the lock was not broken. Wait until it ends, or force it.
  LEASELOCK_ERR_STILL_ALIVE = 13,
  /// leaselock_stop_request() asked to give up. Nothing is held.
  LEASELOCK_ERR_CANCELLED = 14,
  /// LEASELOCK_FAST_PATH_REQUIRED was asked for where there is none.
  LEASELOCK_ERR_FAST_PATH_UNAVAILABLE = 15,
  /// The path is used for something else: another kind of lock, or a semaphore with another number of slots.
  LEASELOCK_ERR_DIFFERENT_PURPOSE = 16,
  /// The call itself is wrong, and nothing was done: a pointer is NULL or a handle of another kind, an enumeration has
  /// no such value, or two threads use one handle at once. Mend the program.
  LEASELOCK_ERR_MISUSE = 100,
  /// A fault of this library; the text says which.
  LEASELOCK_ERR_INTERNAL = 101
};

/// Why the last function failed that did fail in this thread, for people: the lock's path, who holds it where that is
/// known, and what to do next. Empty when none has failed yet. Functions that succeed leave it as it is.
/// Valid until the next failure in this thread, or its end. Never NULL.
LEASELOCK_C_API const char* leaselock_last_error(void);
/// The code that this function returned.
LEASELOCK_C_API int leaselock_last_error_code(void);

/// The code's name as in this header, "LEASELOCK_ERR_TIMED_OUT", or as in errno.h, "ENOSPC" ("errno" where the C
/// library has no names); "unknown" for other numbers. Any thread. Never NULL, valid for ever.
LEASELOCK_C_API const char* leaselock_error_name(int code);
/// What a code means in general, in a sentence. Valid until the next call in this thread. Never NULL.
LEASELOCK_C_API const char* leaselock_error_message(int code);

LEASELOCK_C_END
