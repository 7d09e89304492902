#pragma once

#include "leaselock/c/api.h"
#include "leaselock/c/lock.h"
#include "leaselock/c/semaphore.h"
#include "leaselock/c/shared_lock.h"

LEASELOCK_C_BEGIN

/// What is known of a lease that is being kept alive: held -> doubtful -> lost. Doubtful may become held again, lost is
/// final (docs/keep_alive.md).
enum {
  LEASELOCK_LEASE_HELD = 0,  ///< ours, with more than the margin left
  LEASELOCK_LEASE_DOUBTFUL =
      1,                    ///< less is left and it could not be refreshed so far, or it is over and is looked into
  LEASELOCK_LEASE_LOST = 2  ///< somebody else's, or may be
};
/// "held", "doubtful", "lost"; "unknown" for other numbers. Valid for ever.
LEASELOCK_C_API const char* leaselock_lease_state_name(int state);

/// What is known when a lease's state is reported. One that a callback is given lives until the callback returns. The
/// functions take NULL and return LEASELOCK_LEASE_LOST, 0, LEASELOCK_OK or LEASELOCK_NONE.
typedef struct leaselock_lease_report_t leaselock_lease_report_t;
LEASELOCK_C_API int leaselock_lease_report_state(const leaselock_lease_report_t* report);
/// What was left until leaselock_may_act() turns 0 unless the lease is refreshed until then; 0 when it was over.
LEASELOCK_C_API int64_t leaselock_lease_report_remaining(const leaselock_lease_report_t* report);
/// How the last refresh ended: LEASELOCK_OK when it succeeded, or when none has ended yet.
LEASELOCK_C_API int leaselock_lease_report_error(const leaselock_lease_report_t* report);
/// For how long the refresh that is under way has been waiting for its answer; LEASELOCK_NONE when none is under way.
LEASELOCK_C_API int64_t leaselock_lease_report_unanswered(const leaselock_lease_report_t* report);
/// Frees *report, of leaselock_keep_alive_report(), and sets it to NULL; NULL is no error.
LEASELOCK_C_API void leaselock_lease_report_free(leaselock_lease_report_t** report);

/// How a lock is kept alive. As leaselock_options_t: copied, and checked when it is used. NULL means the defaults.
typedef struct leaselock_keep_alive_options_t leaselock_keep_alive_options_t;
LEASELOCK_C_API int leaselock_keep_alive_options_new(leaselock_keep_alive_options_t** options);
LEASELOCK_C_API void leaselock_keep_alive_options_free(leaselock_keep_alive_options_t** options);

/// How much of the lease is left, at least, when it becomes doubtful: as long as your work takes to stop. More than
/// zero, at most half of the lifetime. Default: a third of it.
LEASELOCK_C_API int leaselock_keep_alive_options_set_margin(leaselock_keep_alive_options_t* options, int64_t margin);
/// How long after its end a lease is not given up while a refresh may still find out that nobody has taken the lock.
/// Default: as the margin.
LEASELOCK_C_API int leaselock_keep_alive_options_set_patience(leaselock_keep_alive_options_t* options,
                                                              int64_t patience);
/// When leaselock_keep_alive_stop_requested() becomes 1: LEASELOCK_LEASE_DOUBTFUL, the default, which is before anybody
/// else may own the lock; or LEASELOCK_LEASE_LOST.
LEASELOCK_C_API int leaselock_keep_alive_options_set_stop_at(leaselock_keep_alive_options_t* options, int state);
/// Called at each change of the state or of the error, by a thread of the keep-alive that does no I/O. It must not
/// block, must not use the lock but for its functions marked "any thread", and must not stop, unlock or free the
/// keep-alive. `user` must stay valid until the keep-alive is freed.
typedef void (*leaselock_lease_callback)(void* user, const leaselock_lease_report_t* report);
LEASELOCK_C_API int leaselock_keep_alive_options_set_on_change(leaselock_keep_alive_options_t* options,
                                                               leaselock_lease_callback callback, void* user);

/// Keeps a lock that is held alive: one thread refreshes it, another, which does no I/O, judges the lease and reports.
/// Both receive no signals.
///
/// From its making until leaselock_keep_alive_stop() the lock belongs to the keep-alive: of its other functions only
/// those marked "any thread" may be called, the rest return LEASELOCK_ERR_MISUSE. The handle of the lock may be freed
/// first. Thread safety: all functions from any thread, but unlocking and freeing from one. Fork: in the child nothing
/// is held or kept alive; free both handles there, which does nothing to the parent's.
typedef struct leaselock_keep_alive_t leaselock_keep_alive_t;

/// The lock must be held. I/O when it is due to be refreshed.
/// Errors: LEASELOCK_ERR_NOT_LOCKED, LEASELOCK_ERR_LEASE_LOST, LEASELOCK_ERR_INVALID_OPTIONS; -EAGAIN when a thread
/// could not be started, -ENOMEM. After these a lock that was held has been given back. LEASELOCK_ERR_MISUSE changes
/// nothing.
LEASELOCK_C_API int leaselock_keep_alive_new(leaselock_t* lock, const leaselock_keep_alive_options_t* options,
                                             leaselock_keep_alive_t** keep_alive);
/// All slots that it holds.
LEASELOCK_C_API int leaselock_keep_alive_new_semaphore(leaselock_semaphore_t* semaphore,
                                                       const leaselock_keep_alive_options_t* options,
                                                       leaselock_keep_alive_t** keep_alive);
/// As a reader or a writer.
LEASELOCK_C_API int leaselock_keep_alive_new_shared(leaselock_shared_t* lock,
                                                    const leaselock_keep_alive_options_t* options,
                                                    leaselock_keep_alive_t** keep_alive);
/// Frees *keep_alive and sets it to NULL; NULL is no error. As leaselock_keep_alive_stop(): the lock stays held.
LEASELOCK_C_API void leaselock_keep_alive_free(leaselock_keep_alive_t** keep_alive);

/// 1 from when the work is asked to stop; it stays so. No I/O. Also for NULL.
LEASELOCK_C_API int leaselock_keep_alive_stop_requested(const leaselock_keep_alive_t* keep_alive);
/// LEASELOCK_LEASE_..., as it was last judged. No I/O.
LEASELOCK_C_API int leaselock_keep_alive_state(const leaselock_keep_alive_t* keep_alive);
/// 0 from the end of the lease on, and when it was lost. No I/O.
LEASELOCK_C_API int leaselock_keep_alive_may_act(const leaselock_keep_alive_t* keep_alive);
/// The state as it was last judged, and what is known now. *report is the caller's. No I/O. Errors: -ENOMEM.
LEASELOCK_C_API int leaselock_keep_alive_report(const leaselock_keep_alive_t* keep_alive,
                                                leaselock_lease_report_t** report);

/// Ends refreshing; the lock stays held until its lease runs out or it is used again. Waits for a refresh that is under
/// way, which is as long as the file server takes. Nothing happens at the second call.
LEASELOCK_C_API int leaselock_keep_alive_stop(leaselock_keep_alive_t* keep_alive);
/// The same, but waits no longer than this: LEASELOCK_ERR_TIMED_OUT when the refresh under way has not come back.
LEASELOCK_C_API int leaselock_keep_alive_stop_for(leaselock_keep_alive_t* keep_alive, int64_t patience);
/// Ends refreshing and gives the lock back. I/O. Errors: as leaselock_unlock(); LEASELOCK_ERR_LEASE_LOST also when the
/// lease was judged lost although that could not be proven.
LEASELOCK_C_API int leaselock_keep_alive_unlock(leaselock_keep_alive_t* keep_alive);

LEASELOCK_C_END
