#pragma once

#include "leaselock/c/api.h"

LEASELOCK_C_BEGIN

/// Lets another thread end a call that waits for a lock: leaselock_options_set_stop(). One stop may serve many locks.
/// It is for one use: once requested it stays so, and locks that were made with it give up at once.
typedef struct leaselock_stop_t leaselock_stop_t;

/// Errors: -ENOMEM.
LEASELOCK_C_API int leaselock_stop_new(leaselock_stop_t** stop);
/// Frees *stop and sets it to NULL; NULL is no error. Options and locks that know it may live on.
LEASELOCK_C_API void leaselock_stop_free(leaselock_stop_t** stop);

/// Asks everybody who waits with this stop to give up. They do before their next request, waking from their sleep,
/// within a fraction of a second, and report LEASELOCK_ERR_CANCELLED; a request that hangs in a file server cannot be
/// cancelled. Returns at once. Any thread, not a signal handler: there set a flag, or write to a pipe, for a thread
/// that calls this.
LEASELOCK_C_API int leaselock_stop_request(leaselock_stop_t* stop);
/// 1 when it was requested, else 0. Any thread.
LEASELOCK_C_API int leaselock_stop_requested(const leaselock_stop_t* stop);

LEASELOCK_C_END
