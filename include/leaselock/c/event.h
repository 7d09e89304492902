#pragma once

#include "leaselock/c/api.h"
#include "leaselock/c/holder.h"

// What callbacks are told. These values live until the callback returns; copy what is needed longer. The functions take
// NULL as those of holder.h do.

LEASELOCK_C_BEGIN

/// What is known while a lock is waited for.
typedef struct leaselock_waiting_t leaselock_waiting_t;
/// For how long so far.
LEASELOCK_C_API int64_t leaselock_waiting_waited(const leaselock_waiting_t* waiting);
/// What is left of the timeout; LEASELOCK_NONE when it waits for ever.
LEASELOCK_C_API int64_t leaselock_waiting_remaining(const leaselock_waiting_t* waiting);
/// Who held it when we last looked; NULL when that is not known.
LEASELOCK_C_API const leaselock_holder_t* leaselock_waiting_holder(const leaselock_waiting_t* waiting);

/// What happened to a lock, for a log. New kinds may come: treat those you do not know like LEASELOCK_EVENT_SWEPT.
enum {
  LEASELOCK_EVENT_WAITING = 0,    ///< found held, or held by somebody else than before: waited, holder
  LEASELOCK_EVENT_BROKE = 1,      ///< we ended a hold that was not given back: predecessor says why, holder whose
  LEASELOCK_EVENT_ACQUIRED = 2,   ///< token, waited, remaining, predecessor, and holder if that one did not release
  LEASELOCK_EVENT_GAVE_UP = 3,    ///< timed out or cancelled: waited, holder, error
  LEASELOCK_EVENT_FAILED = 4,     ///< not acquired for another reason: waited, error
  LEASELOCK_EVENT_REFRESHED = 5,  ///< token, held, remaining
  LEASELOCK_EVENT_REFRESH_FAILED = 6,  ///< the old lease still counts: token, held, remaining, error
  LEASELOCK_EVENT_MIRROR_LOST = 7,     ///< refreshed, but flufl.lock processes are not excluded any more: as before
  LEASELOCK_EVENT_LOST = 8,            ///< somebody may have owned it before we let go of it: token, held, error
  LEASELOCK_EVENT_RELEASED = 9,        ///< token, held; error if something of it stayed
  LEASELOCK_EVENT_SWEPT = 10,          ///< what crashed processes left was removed: files
  LEASELOCK_EVENT_UPGRADED = 11,       ///< from reader to writer: the new token, held, remaining
  LEASELOCK_EVENT_DOWNGRADED = 12      ///< from writer to reader: token, held, remaining
};
/// "waiting", "broke", "acquired", ...; "unknown" for other numbers. Valid for ever.
LEASELOCK_C_API const char* leaselock_event_name(int kind);

typedef struct leaselock_event_t leaselock_event_t;
LEASELOCK_C_API int leaselock_event_kind(const leaselock_event_t* event);
/// When it happened, by this host's wall clock.
LEASELOCK_C_API int64_t leaselock_event_time(const leaselock_event_t* event);
LEASELOCK_C_API const char* leaselock_event_path(const leaselock_event_t* event);
/// Of our hold; 0 when there is none.
LEASELOCK_C_API uint64_t leaselock_event_token(const leaselock_event_t* event);
/// Since it was asked for, since it was acquired, and of the lease; LEASELOCK_NONE where it does not belong to the
/// event.
LEASELOCK_C_API int64_t leaselock_event_waited(const leaselock_event_t* event);
LEASELOCK_C_API int64_t leaselock_event_held(const leaselock_event_t* event);
LEASELOCK_C_API int64_t leaselock_event_remaining(const leaselock_event_t* event);
/// LEASELOCK_PREDECESSOR_...
LEASELOCK_C_API int leaselock_event_predecessor(const leaselock_event_t* event);
/// Somebody else, or NULL.
LEASELOCK_C_API const leaselock_holder_t* leaselock_event_holder(const leaselock_event_t* event);
/// LEASELOCK_OK, LEASELOCK_ERR_..., or a negative errno.
LEASELOCK_C_API int leaselock_event_error(const leaselock_event_t* event);
LEASELOCK_C_API size_t leaselock_event_files(const leaselock_event_t* event);
/// The whole as one line without its end, in logfmt: words KEY=VALUE in plain ASCII, for any log.
LEASELOCK_C_API const char* leaselock_event_text(const leaselock_event_t* event);

LEASELOCK_C_END
