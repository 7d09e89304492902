#define _XOPEN_SOURCE 700
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "check.h"
#include "failing_new.h"

/* Every allocation that C++ makes within the interface fails in turn: each call then returns -ENOMEM or does without,
 * no exception comes out, and the same things can be done afterwards. */

static long failures;

static int tried(int code, const char* what) {
  if (code == LEASELOCK_OK) return 1;
  /* What follows from an allocation that failed is an error of its own kind. */
  if (!has_failed()) check_code(code, LEASELOCK_OK, what, __FILE__, __LINE__);
  if (code == -ENOMEM) {
    ++failures;
    CHECK(leaselock_last_error_code() == -ENOMEM);
    CHECK_PART(leaselock_last_error(), "memory");
  }
  return 0;
}
#define TRIED(call) tried((call), #call)

static void ignore_event(void* user, const leaselock_event_t* event) {
  (void)user;
  CHECK(leaselock_event_text(event) != NULL);
}

static void use_a_lock(const char* directory) {
  char path[500];
  leaselock_options_t* options = NULL;
  leaselock_counters_t* counters = NULL;
  leaselock_stop_t* stop = NULL;
  leaselock_t* lock = NULL;
  leaselock_status_t* status = NULL;
  const char* claim = NULL;
  const leaselock_holder_t* holder = NULL;
  char* text = NULL;
  int number = 0;
  snprintf(path, sizeof path, "%s/L", directory);
  if (TRIED(leaselock_options_new(&options))) {
    TRIED(leaselock_options_set_separator(options, "!!!!!!!!!!!!!!!!!!!!!!!!"));
    TRIED(leaselock_options_set_separator(options, "|"));
    TRIED(leaselock_options_set_retry_errnos(options, &number, 1));
    TRIED(leaselock_options_set_on_event(options, ignore_event, NULL));
  }
  if (TRIED(leaselock_counters_new(&counters))) {
    TRIED(leaselock_counters_prometheus(counters, "lock", path, &text));
    leaselock_text_free(&text);
  }
  if (TRIED(leaselock_stop_new(&stop)) && options != NULL) TRIED(leaselock_options_set_stop(options, stop));
  if (TRIED(leaselock_new(path, options, &lock))) {
    if (TRIED(leaselock_try_lock(lock))) {
      TRIED(leaselock_refresh(lock));
      TRIED(leaselock_state(lock, &number));
      TRIED(leaselock_claimfile(lock, &claim));
      TRIED(leaselock_predecessor(lock, &number, &holder));
      TRIED(leaselock_status(lock, &status));
      leaselock_status_free(&status);
      TRIED(leaselock_unlock(lock));
    }
  }
  CHECK(leaselock_error_message(LEASELOCK_ERR_LEASE_LOST) != NULL);
  leaselock_free(&lock);
  CHECK(lock == NULL);
  leaselock_stop_free(&stop);
  leaselock_counters_free(&counters);
  leaselock_options_free(&options);
}

static void use_the_others(const char* directory) {
  char path[500];
  leaselock_semaphore_t* semaphore = NULL;
  leaselock_shared_t* shared = NULL;
  leaselock_keep_alive_t* keep = NULL;
  leaselock_keep_alive_options_t* options = NULL;
  leaselock_names_t* names = NULL;
  char beside[500];
  uint32_t indexes[2];
  size_t count = 0;
  snprintf(path, sizeof path, "%s/N", directory);
  snprintf(beside, sizeof beside, "%s/S", directory);
  if (TRIED(leaselock_semaphore_new(path, 2, NULL, &semaphore))) {
    if (TRIED(leaselock_semaphore_acquire_for(semaphore, 2, 0))) {
      TRIED(leaselock_semaphore_held(semaphore, indexes, NULL, 2, &count));
      TRIED(leaselock_semaphore_refresh(semaphore));
      TRIED(leaselock_keep_alive_options_new(&options));
      if (TRIED(leaselock_keep_alive_new_semaphore(semaphore, options, &keep))) {
        TRIED(leaselock_keep_alive_unlock(keep));
      }
    }
  }
  leaselock_keep_alive_free(&keep);
  leaselock_keep_alive_options_free(&options);
  leaselock_semaphore_free(&semaphore);
  if (TRIED(leaselock_shared_new(beside, NULL, &shared))) {
    if (TRIED(leaselock_shared_try_lock_shared(shared))) {
      TRIED(leaselock_shared_try_upgrade(shared));
      TRIED(leaselock_shared_unlock(shared));
    }
  }
  leaselock_shared_free(&shared);
  TRIED(leaselock_clean(beside, NULL, &names, &count));
  leaselock_names_free(&names);
}

/* Usage: c_memory DIRECTORY. */
int main(int count, char** words) {
  void (*const uses[])(const char*) = {use_a_lock, use_the_others};
  const long most = 5000;
  size_t i;
  CHECK(count == 2);
  for (i = 0; i < 2; ++i) {
    long successes;
    for (successes = 0; successes < most; ++successes) {
      char directory[400];
      snprintf(directory, sizeof directory, "%s/%d-%ld", words[1], (int)i, successes);
      CHECK(mkdir(directory, 0700) == 0);
      fail_after(successes);
      uses[i](directory);
      if (!has_failed()) break;
      /* In another directory of the same parent all works again. */
      fail_after(-1);
      if (successes % 100 == 0) {
        snprintf(directory, sizeof directory, "%s/%d-%ld-again", words[1], (int)i, successes);
        CHECK(mkdir(directory, 0700) == 0);
        uses[i](directory);
      }
    }
    printf("%ld allocations, %ld calls without memory\n", successes, failures);
    CHECK(successes > 20 && successes < most && failures > 20);
    failures = 0;
  }
  return 0;
}
