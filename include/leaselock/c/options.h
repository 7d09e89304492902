#pragma once

#include "leaselock/c/api.h"
#include "leaselock/c/counters.h"
#include "leaselock/c/event.h"
#include "leaselock/c/stop.h"

LEASELOCK_C_BEGIN

/// How a lock behaves. What makes a lock copies them, so they may be freed or changed afterwards. NULL in their place
/// means the defaults. Values are checked when the lock is made (LEASELOCK_ERR_INVALID_OPTIONS); setters fail only for
/// a NULL handle or an unknown enumeration (LEASELOCK_ERR_MISUSE), or without memory (-ENOMEM). Thread safety: one
/// thread at a time.
typedef struct leaselock_options_t leaselock_options_t;

/// All defaults. Errors: -ENOMEM.
LEASELOCK_C_API int leaselock_options_new(leaselock_options_t** options);
/// Frees *options and sets it to NULL; NULL is no error.
LEASELOCK_C_API void leaselock_options_free(leaselock_options_t** options);

/// What decides who owns the lock; all users of a path must use the same. Default: fenced.
enum {
  LEASELOCK_MODE_FENCED = 0,  ///< a file whose name is the lock's whole state: strict, with fencing tokens
  LEASELOCK_MODE_COMPAT = 1   ///< flufl.lock's files and nothing else
};
LEASELOCK_C_API int leaselock_options_set_mode(leaselock_options_t* options, int mode);

/// How long a hold lasts unless it is refreshed or released; after it, and a grace, others break it. Default: 15 s. At
/// least 5 s on a network file system, 100 ms on a local one; at most ten years.
LEASELOCK_C_API int leaselock_options_set_lifetime(leaselock_options_t* options, int64_t lifetime);

/// The timeout where a call gives none. Zero: one full attempt. Default: LEASELOCK_FOREVER.
LEASELOCK_C_API int leaselock_options_set_timeout(leaselock_options_t* options, int64_t timeout);

/// Fenced mode: keep the hard link at the lock path, so that flufl.lock processes are excluded too. All users of the
/// path must agree. Default: 1. Semaphores and shared locks have none.
LEASELOCK_C_API int leaselock_options_set_mirror(leaselock_options_t* options, int mirror);

/// Stands between the parts of a file name. Not empty; no letters, digits, blanks, control characters,
/// '.', '/', '~'. Default: "|".
LEASELOCK_C_API int leaselock_options_set_separator(leaselock_options_t* options, const char* separator);

/// Whether waiters on one host stand in line in the kernel.
enum {
  LEASELOCK_FAST_PATH_AUTOMATIC = 0,  ///< where the file system is certainly this kernel's own; the default
  LEASELOCK_FAST_PATH_OFF = 1,
  LEASELOCK_FAST_PATH_REQUIRED = 2  ///< else LEASELOCK_ERR_FAST_PATH_UNAVAILABLE
};
LEASELOCK_C_API int leaselock_options_set_fast_path(leaselock_options_t* options, int fast_path);

/// Fenced mode: waiters get the lock in order of arrival. Default: 1.
LEASELOCK_C_API int leaselock_options_set_fair(leaselock_options_t* options, int fair);

/// Break the hold of a process that is provably gone on this host without waiting for its lease to end. Default: 1.
LEASELOCK_C_API int leaselock_options_set_break_dead(leaselock_options_t* options, int break_dead);

/// Who may have made the fence directory.
enum {
  LEASELOCK_TRUST_OWNER = 0,  ///< us, root, or the owner of the lock's directory; the default
  LEASELOCK_TRUST_ANYONE = 1  ///< for groups that share a directory on purpose
};
LEASELOCK_C_API int leaselock_options_set_trust(leaselock_options_t* options, int trust);

/// Permission bits of the files that are made for others to use, whatever the umask: 0660 shares the lock with the
/// group of its directory. At least 0600. LEASELOCK_NONE, the default: 0666, and 0775 for the fence directory, less the
/// umask.
LEASELOCK_C_API int leaselock_options_set_permissions(leaselock_options_t* options, int64_t permissions);

/// 0: break only what this process has itself watched unchanged for a whole lease. Default: 1.
LEASELOCK_C_API int leaselock_options_set_trust_server_clock(leaselock_options_t* options, int trust_server_clock);

/// How much the rates of two clocks may differ, in parts per million. Default: 1000.
LEASELOCK_C_API int leaselock_options_set_drift_ppm(leaselock_options_t* options, int64_t drift_ppm);
/// Error bound of the server's time stamps. Default: 1 s on network file systems, 20 ms on local ones.
LEASELOCK_C_API int leaselock_options_set_stamp_error(leaselock_options_t* options, int64_t stamp_error);
/// What a breaker adds to an expiry. Default: 2 s on network file systems, 200 ms on local ones.
LEASELOCK_C_API int leaselock_options_set_grace(leaselock_options_t* options, int64_t grace);

/// errno values, positive as in errno.h, that locking treats as passing faults: it tries again until the timeout. The
/// array is copied; NULL with a count of 0 empties the list, which is the default.
LEASELOCK_C_API int leaselock_options_set_retry_errnos(leaselock_options_t* options, const int* errnos, size_t count);

/// Lets another thread end waiting. NULL takes it away. The stop may be freed before the lock.
LEASELOCK_C_API int leaselock_options_set_stop(leaselock_options_t* options, const leaselock_stop_t* stop);

/// Counts what the lock does. NULL takes it away. The counters may be freed before the lock.
LEASELOCK_C_API int leaselock_options_set_counters(leaselock_options_t* options, const leaselock_counters_t* counters);

/// Callbacks. NULL takes one away. `user` is passed on untouched; it must stay valid as long as the locks that were
/// made with these options. A callback must not use the lock and must not leave by longjmp() or an exception.

/// Called by the thread that waits for the lock, each time before it sleeps.
typedef void (*leaselock_wait_callback)(void* user, const leaselock_waiting_t* waiting);
LEASELOCK_C_API int leaselock_options_set_on_wait(leaselock_options_t* options, leaselock_wait_callback callback,
                                                  void* user);

/// Told what becomes of the lock, for a log. Called by the thread that runs the operation, that of freeing included,
/// and by the one that refreshes where a keep-alive does; locks in several threads call it at the same time.
typedef void (*leaselock_event_callback)(void* user, const leaselock_event_t* event);
LEASELOCK_C_API int leaselock_options_set_on_event(leaselock_options_t* options, leaselock_event_callback callback,
                                                   void* user);

/// Called for every step of the protocol with a line about it, by the same threads.
typedef void (*leaselock_trace_callback)(void* user, const char* line);
LEASELOCK_C_API int leaselock_options_set_on_trace(leaselock_options_t* options, leaselock_trace_callback callback,
                                                   void* user);

LEASELOCK_C_END
