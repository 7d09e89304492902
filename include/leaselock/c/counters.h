#pragma once

#include "leaselock/c/api.h"

LEASELOCK_C_BEGIN

/// Counts what locks do: give it to the options of one lock or of many. Its functions may be called by any thread at
/// any time.
typedef struct leaselock_counters_t leaselock_counters_t;

/// Errors: -ENOMEM.
LEASELOCK_C_API int leaselock_counters_new(leaselock_counters_t** counters);
/// Frees *counters and sets it to NULL; NULL is no error. Locks that count with it may live on.
LEASELOCK_C_API void leaselock_counters_free(leaselock_counters_t** counters);

enum {
  LEASELOCK_COUNT_ACQUISITIONS = 0,
  LEASELOCK_COUNT_WAITS = 1,             ///< attempts that had to wait, however they ended
  LEASELOCK_COUNT_TIMEOUTS = 2,          ///< attempts that ended with LEASELOCK_ERR_TIMED_OUT
  LEASELOCK_COUNT_CANCELLATIONS = 3,     ///< and with LEASELOCK_ERR_CANCELLED
  LEASELOCK_COUNT_FAILURES = 4,          ///< and with any other error, misuse not counted
  LEASELOCK_COUNT_BREAKS_EXPIRED = 5,    ///< holds of others that we ended because their lease was over
  LEASELOCK_COUNT_BREAKS_DIED = 6,       ///< and because their process was gone from this host
  LEASELOCK_COUNT_REFRESHES = 7,         ///< that extended the lease
  LEASELOCK_COUNT_REFRESH_FAILURES = 8,  ///< after which the old lease still counted
  LEASELOCK_COUNT_MIRROR_LOSSES = 9,     ///< refreshes that ended with LEASELOCK_ERR_MIRROR_LOST
  LEASELOCK_COUNT_LOSSES = 10,           ///< holds that ended with LEASELOCK_ERR_LEASE_LOST
  LEASELOCK_COUNT_RELEASES = 11,         ///< holds that ended otherwise
  LEASELOCK_COUNT_RELEASE_ERRORS = 12,   ///< those of them after which something stayed
  LEASELOCK_COUNT_FILES_SWEPT = 13,      ///< that crashed processes had left
  LEASELOCK_COUNT_REQUESTS = 14          ///< to the file system
};
/// How often so far; 0 for NULL and for numbers that are none of these.
LEASELOCK_C_API uint64_t leaselock_counters_value(const leaselock_counters_t* counters, int which);

/// All of them and two histograms in the text format of Prometheus, with one label, such as "lock" and its path; label
/// may be NULL. *text is the caller's, to be given to leaselock_text_free(). Errors: -ENOMEM.
LEASELOCK_C_API int leaselock_counters_prometheus(const leaselock_counters_t* counters, const char* label,
                                                  const char* value, char** text);
/// Frees *text and sets it to NULL; NULL is no error.
LEASELOCK_C_API void leaselock_text_free(char** text);

LEASELOCK_C_END
