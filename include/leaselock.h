#pragma once

// leaselock for C, and for every language that can call C: a lock for processes on any number of machines that share a
// directory. Link with libleaselock (docs/c.md). It can be included from C99 and C++ and needs nothing else.
//
//   leaselock_t* lock = NULL;
//   int error = leaselock_new("/srv/shared/report.lock", NULL, &lock);
//   if (!error) error = leaselock_lock(lock);
//   if (!error) {
//     write_report(leaselock_fencing_token(lock));
//     error = leaselock_unlock(lock);
//   }
//   if (error) fprintf(stderr, "%s\n", leaselock_last_error());
//   leaselock_free(&lock);
//
// Everything is behind a handle whose structure is never seen, so programs need not be built anew when it grows. Who
// makes a handle frees it. Strings go in and out as bytes that end with a zero.
#include "leaselock/c/api.h"
#include "leaselock/c/counters.h"
#include "leaselock/c/error.h"
#include "leaselock/c/event.h"
#include "leaselock/c/holder.h"
#include "leaselock/c/keep_alive.h"
#include "leaselock/c/lock.h"
#include "leaselock/c/maintenance.h"
#include "leaselock/c/options.h"
#include "leaselock/c/semaphore.h"
#include "leaselock/c/shared_lock.h"
#include "leaselock/c/status.h"
#include "leaselock/c/stop.h"
#include "leaselock/c/version.h"
