#include <leaselock.h>
#include <stdio.h>
#include <string.h>

/* What programs have in them that were built against an older library, pinned. */

/* A second declaration that differs from the header's is an error of the compiler. */
#define FUNCTION(result, name, parameters) extern result name parameters;
#include "abi_functions.h"
#undef FUNCTION

static const char* const names[] = {
#define FUNCTION(result, name, parameters) #name,
#include "abi_functions.h"
#undef FUNCTION
};

#define CONSTANT(name, value) \
  { #name, name, value }
static const struct {
  const char* name;
  long is;
  long was;
} constants[] = {
    CONSTANT(LEASELOCK_COUNT_ACQUISITIONS, 0),
    CONSTANT(LEASELOCK_COUNT_WAITS, 1),
    CONSTANT(LEASELOCK_COUNT_TIMEOUTS, 2),
    CONSTANT(LEASELOCK_COUNT_CANCELLATIONS, 3),
    CONSTANT(LEASELOCK_COUNT_FAILURES, 4),
    CONSTANT(LEASELOCK_COUNT_BREAKS_EXPIRED, 5),
    CONSTANT(LEASELOCK_COUNT_BREAKS_DIED, 6),
    CONSTANT(LEASELOCK_COUNT_REFRESHES, 7),
    CONSTANT(LEASELOCK_COUNT_REFRESH_FAILURES, 8),
    CONSTANT(LEASELOCK_COUNT_MIRROR_LOSSES, 9),
    CONSTANT(LEASELOCK_COUNT_LOSSES, 10),
    CONSTANT(LEASELOCK_COUNT_RELEASES, 11),
    CONSTANT(LEASELOCK_COUNT_RELEASE_ERRORS, 12),
    CONSTANT(LEASELOCK_COUNT_FILES_SWEPT, 13),
    CONSTANT(LEASELOCK_COUNT_REQUESTS, 14),
    CONSTANT(LEASELOCK_OK, 0),
    CONSTANT(LEASELOCK_ERR_TIMED_OUT, 1),
    CONSTANT(LEASELOCK_ERR_ALREADY_LOCKED, 2),
    CONSTANT(LEASELOCK_ERR_NOT_LOCKED, 3),
    CONSTANT(LEASELOCK_ERR_LEASE_LOST, 4),
    CONSTANT(LEASELOCK_ERR_HARD_LINKS_UNSUPPORTED, 5),
    CONSTANT(LEASELOCK_ERR_NOT_A_LOCK_FILE, 6),
    CONSTANT(LEASELOCK_ERR_FENCE_UNTRUSTED, 7),
    CONSTANT(LEASELOCK_ERR_FENCE_DAMAGED, 8),
    CONSTANT(LEASELOCK_ERR_NAME_TOO_LONG, 9),
    CONSTANT(LEASELOCK_ERR_LIFETIME_TOO_SHORT, 10),
    CONSTANT(LEASELOCK_ERR_INVALID_OPTIONS, 11),
    CONSTANT(LEASELOCK_ERR_MIRROR_LOST, 12),
    CONSTANT(LEASELOCK_ERR_STILL_ALIVE, 13),
    CONSTANT(LEASELOCK_ERR_CANCELLED, 14),
    CONSTANT(LEASELOCK_ERR_FAST_PATH_UNAVAILABLE, 15),
    CONSTANT(LEASELOCK_ERR_DIFFERENT_PURPOSE, 16),
    CONSTANT(LEASELOCK_ERR_MISUSE, 100),
    CONSTANT(LEASELOCK_ERR_INTERNAL, 101),
    CONSTANT(LEASELOCK_EVENT_WAITING, 0),
    CONSTANT(LEASELOCK_EVENT_BROKE, 1),
    CONSTANT(LEASELOCK_EVENT_ACQUIRED, 2),
    CONSTANT(LEASELOCK_EVENT_GAVE_UP, 3),
    CONSTANT(LEASELOCK_EVENT_FAILED, 4),
    CONSTANT(LEASELOCK_EVENT_REFRESHED, 5),
    CONSTANT(LEASELOCK_EVENT_REFRESH_FAILED, 6),
    CONSTANT(LEASELOCK_EVENT_MIRROR_LOST, 7),
    CONSTANT(LEASELOCK_EVENT_LOST, 8),
    CONSTANT(LEASELOCK_EVENT_RELEASED, 9),
    CONSTANT(LEASELOCK_EVENT_SWEPT, 10),
    CONSTANT(LEASELOCK_EVENT_UPGRADED, 11),
    CONSTANT(LEASELOCK_EVENT_DOWNGRADED, 12),
    CONSTANT(LEASELOCK_KIND_LOCK, 0),
    CONSTANT(LEASELOCK_KIND_SEMAPHORE, 1),
    CONSTANT(LEASELOCK_KIND_SHARED_LOCK, 2),
    CONSTANT(LEASELOCK_STATE_UNLOCKED, 0),
    CONSTANT(LEASELOCK_STATE_OURS, 1),
    CONSTANT(LEASELOCK_STATE_OURS_EXPIRED, 2),
    CONSTANT(LEASELOCK_STATE_STALE, 3),
    CONSTANT(LEASELOCK_STATE_THEIRS_EXPIRED, 4),
    CONSTANT(LEASELOCK_STATE_UNKNOWN, 5),
    CONSTANT(LEASELOCK_PREDECESSOR_NONE, 0),
    CONSTANT(LEASELOCK_PREDECESSOR_RELEASED, 1),
    CONSTANT(LEASELOCK_PREDECESSOR_EXPIRED, 2),
    CONSTANT(LEASELOCK_PREDECESSOR_DIED, 3),
    CONSTANT(LEASELOCK_LEASE_HELD, 0),
    CONSTANT(LEASELOCK_LEASE_DOUBTFUL, 1),
    CONSTANT(LEASELOCK_LEASE_LOST, 2),
    CONSTANT(LEASELOCK_MODE_FENCED, 0),
    CONSTANT(LEASELOCK_MODE_COMPAT, 1),
    CONSTANT(LEASELOCK_FAST_PATH_AUTOMATIC, 0),
    CONSTANT(LEASELOCK_FAST_PATH_OFF, 1),
    CONSTANT(LEASELOCK_FAST_PATH_REQUIRED, 2),
    CONSTANT(LEASELOCK_TRUST_OWNER, 0),
    CONSTANT(LEASELOCK_TRUST_ANYONE, 1),
    CONSTANT(LEASELOCK_SEMAPHORE_MOST_SLOTS, 1024),
};

static int unlike(const char* what, long is, long was) {
  if (is == was) return 0;
  fprintf(stderr, "%s is %ld, but programs were built with %ld\n", what, is, was);
  return 1;
}

/* Without arguments: are the numbers those they have always been? With --names: the functions there must be. */
int main(int count, char** words) {
  size_t i;
  int wrong = 0;
  if (count == 2 && strcmp(words[1], "--names") == 0) {
    for (i = 0; i < sizeof names / sizeof names[0]; ++i) puts(names[i]);
    return 0;
  }
  for (i = 0; i < sizeof constants / sizeof constants[0]; ++i) {
    wrong += unlike(constants[i].name, constants[i].is, constants[i].was);
  }
  wrong += unlike("the size of an enumeration", (long)sizeof LEASELOCK_OK, 4);
  wrong += unlike("the size of a length of time", (long)sizeof LEASELOCK_SECOND, 8);
  wrong += unlike("a millisecond", (long)LEASELOCK_MILLISECOND, 1000000);
  wrong += unlike("a second", (long)LEASELOCK_SECOND, 1000000000);
  wrong += unlike("for ever", (long)LEASELOCK_FOREVER, -1);
  wrong += unlike("none", (long)LEASELOCK_NONE, -1);
  return wrong == 0 ? 0 : 1;
}
