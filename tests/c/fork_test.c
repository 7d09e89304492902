#define _XOPEN_SOURCE 700
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

/* Runs the body in a child; it fails the test by ending with another status. */
static void in_child(int (*body)(void* what), void* what) {
  int status = -1;
  const pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) _exit(body(what));
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static int hold_nothing(void* what) {
  leaselock_t* lock = what;
  if (leaselock_may_act(lock) || leaselock_fencing_token(lock) != 0) return 1;
  if (leaselock_unlock(lock) != LEASELOCK_ERR_NOT_LOCKED) return 2;
  if (leaselock_try_lock(lock) != LEASELOCK_ERR_TIMED_OUT) return 3;
  leaselock_free(&lock);
  return 0;
}

static void a_child_holds_nothing_and_takes_nothing_away(struct place* place) {
  leaselock_t* lock = NULL;
  CHECK_OK(leaselock_new(place->lock, place->options, &lock));
  CHECK_OK(leaselock_lock(lock));
  in_child(hold_nothing, lock);
  CHECK_OK(leaselock_refresh(lock));
  CHECK_OK(leaselock_unlock(lock));
  leaselock_free(&lock);
}

static int keep_nothing(void* what) {
  leaselock_keep_alive_t* keep = what;
  if (leaselock_keep_alive_may_act(keep) || leaselock_keep_alive_state(keep) != LEASELOCK_LEASE_LOST) return 1;
  if (leaselock_keep_alive_unlock(keep) != LEASELOCK_ERR_NOT_LOCKED) return 2;
  leaselock_keep_alive_free(&keep);
  return 0;
}

static void a_child_keeps_nothing_alive(struct place* place) {
  leaselock_t* lock = NULL;
  leaselock_keep_alive_t* keep = NULL;
  CHECK_OK(leaselock_new(place->lock, place->options, &lock));
  CHECK_OK(leaselock_lock(lock));
  CHECK_OK(leaselock_keep_alive_new(lock, NULL, &keep));
  in_child(keep_nothing, keep);
  CHECK(leaselock_keep_alive_may_act(keep));
  CHECK_OK(leaselock_keep_alive_unlock(keep));
  leaselock_keep_alive_free(&keep);
  leaselock_free(&lock);
}

const struct test fork_tests[] = {
    TEST(a_child_holds_nothing_and_takes_nothing_away), TEST(a_child_keeps_nothing_alive), {NULL, NULL}};
