#define _XOPEN_SOURCE 700
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

static leaselock_t* made(struct place* place) {
  leaselock_t* lock = NULL;
  CHECK_OK(leaselock_new(place->lock, place->options, &lock));
  return lock;
}

static void is_held_until_it_is_given_back(struct place* place) {
  leaselock_t *ours = made(place), *theirs = made(place);
  int locked = -1;
  CHECK(!leaselock_may_act(ours) && leaselock_remaining(ours) == 0 && leaselock_fencing_token(ours) == 0);
  CHECK_OK(leaselock_lock(ours));
  CHECK(leaselock_may_act(ours) && leaselock_remaining(ours) > 0 && leaselock_fencing_token(ours) > 0);
  CHECK_OK(leaselock_is_locked(ours, &locked));
  CHECK(locked == 1);
  CHECK_OK(leaselock_is_locked(theirs, &locked));
  CHECK(locked == 0);
  CHECK_CODE(leaselock_try_lock(theirs), LEASELOCK_ERR_TIMED_OUT);
  CHECK_CODE(leaselock_lock_for(theirs, 20 * LEASELOCK_MILLISECOND), LEASELOCK_ERR_TIMED_OUT);
  CHECK_OK(leaselock_unlock(ours));
  CHECK(!leaselock_may_act(ours));
  CHECK_OK(leaselock_lock_for(theirs, LEASELOCK_FOREVER));
  leaselock_free(&theirs);
  leaselock_free(&ours);
}

static void tokens_grow(struct place* place) {
  leaselock_t* lock = made(place);
  uint64_t first;
  CHECK_OK(leaselock_lock(lock));
  first = leaselock_fencing_token(lock);
  CHECK_OK(leaselock_unlock(lock));
  CHECK_OK(leaselock_try_lock(lock));
  CHECK(leaselock_fencing_token(lock) > first);
  leaselock_free(&lock);
}

static void locking_twice_and_unlocking_twice_are_errors(struct place* place) {
  leaselock_t* lock = made(place);
  CHECK_CODE(leaselock_unlock(lock), LEASELOCK_ERR_NOT_LOCKED);
  CHECK_CODE(leaselock_refresh(lock), LEASELOCK_ERR_NOT_LOCKED);
  CHECK_OK(leaselock_lock(lock));
  CHECK_CODE(leaselock_lock(lock), LEASELOCK_ERR_ALREADY_LOCKED);
  CHECK_OK(leaselock_unlock(lock));
  CHECK_CODE(leaselock_unlock(lock), LEASELOCK_ERR_NOT_LOCKED);
  leaselock_free(&lock);
}

static void freeing_gives_it_back(struct place* place) {
  leaselock_t *first = made(place), *second = made(place);
  CHECK_OK(leaselock_lock(first));
  leaselock_free(&first);
  CHECK(first == NULL);
  leaselock_free(&first);
  CHECK_OK(leaselock_try_lock(second));
  leaselock_free(&second);
}

static void the_end_of_a_scope_can_free_it(struct place* place) {
  leaselock_t* second = made(place);
  {
    leaselock_t* first __attribute__((cleanup(leaselock_free))) = made(place);
    CHECK_OK(leaselock_lock(first));
    CHECK_CODE(leaselock_try_lock(second), LEASELOCK_ERR_TIMED_OUT);
  }
  CHECK_OK(leaselock_try_lock(second));
  leaselock_free(&second);
}

static void refreshing_extends_the_lease(struct place* place) {
  leaselock_t* lock = made(place);
  CHECK_OK(leaselock_lock(lock));
  CHECK_OK(leaselock_refresh(lock));
  CHECK_OK(leaselock_refresh_for(lock, 100 * LEASELOCK_SECOND));
  CHECK(leaselock_remaining(lock) > 50 * LEASELOCK_SECOND);
  CHECK(leaselock_lifetime(lock) == 100 * LEASELOCK_SECOND);
  CHECK_CODE(leaselock_refresh_for(lock, 0), LEASELOCK_ERR_INVALID_OPTIONS);
  CHECK_OK(leaselock_unlock(lock));
  CHECK_OK(leaselock_set_lifetime(lock, 40 * LEASELOCK_SECOND));
  CHECK(leaselock_lifetime(lock) == 40 * LEASELOCK_SECOND);
  CHECK_CODE(leaselock_set_lifetime(lock, -1), LEASELOCK_ERR_INVALID_OPTIONS);
  leaselock_free(&lock);
}

static void a_lost_lease_is_told(struct place* place) {
  leaselock_t *late, *next;
  const leaselock_holder_t* holder = NULL;
  int end = -1;
  CHECK_OK(leaselock_options_set_lifetime(place->options, 300 * LEASELOCK_MILLISECOND));
  late = made(place);
  CHECK_OK(leaselock_options_set_lifetime(place->options, 100 * LEASELOCK_SECOND));
  next = made(place);
  CHECK_OK(leaselock_lock(late));
  CHECK_OK(leaselock_lock_for(next, 60 * LEASELOCK_SECOND));
  CHECK(!leaselock_may_act(late));
  CHECK_CODE(leaselock_refresh(late), LEASELOCK_ERR_LEASE_LOST);
  CHECK_CODE(leaselock_unlock(late), LEASELOCK_ERR_LEASE_LOST);
  CHECK_CODE(leaselock_unlock(late), LEASELOCK_ERR_NOT_LOCKED);
  CHECK_OK(leaselock_predecessor(next, &end, &holder));
  CHECK(end == LEASELOCK_PREDECESSOR_EXPIRED);
  CHECK(leaselock_holder_pid(holder) == getpid());
  CHECK_TEXT(leaselock_holder_host(holder), leaselock_hostname(next));
  CHECK_OK(leaselock_predecessor(next, NULL, NULL));
  leaselock_free(&late);
  leaselock_free(&next);
}

static void whoever_released_is_no_holder(struct place* place) {
  leaselock_t* lock = made(place);
  const leaselock_holder_t* holder = NULL;
  int end = -1;
  CHECK_OK(leaselock_lock(lock));
  CHECK_OK(leaselock_unlock(lock));
  CHECK_OK(leaselock_lock(lock));
  CHECK_OK(leaselock_predecessor(lock, &end, &holder));
  CHECK(end == LEASELOCK_PREDECESSOR_RELEASED && holder == NULL);
  leaselock_free(&lock);
}

static void its_state_is_told(struct place* place) {
  leaselock_t *ours = made(place), *theirs = made(place);
  int state = -1;
  int64_t time = 0;
  CHECK_OK(leaselock_state(ours, &state));
  CHECK(state == LEASELOCK_STATE_UNLOCKED);
  CHECK_CODE(leaselock_expiration(ours, &time), LEASELOCK_ERR_NOT_LOCKED);
  CHECK_OK(leaselock_lock(ours));
  CHECK_OK(leaselock_state(ours, &state));
  CHECK(state == LEASELOCK_STATE_OURS);
  CHECK_OK(leaselock_state(theirs, &state));
  CHECK(state == LEASELOCK_STATE_UNKNOWN);
  CHECK_OK(leaselock_expiration(theirs, &time));
  CHECK(time > INT64_C(1700000000) * LEASELOCK_SECOND);
  leaselock_free(&ours);
  leaselock_free(&theirs);
}

static void destroying_leaves_nothing_but_the_handle(struct place* place) {
  leaselock_t* lock = made(place);
  CHECK_OK(leaselock_lock(lock));
  CHECK(exists(place->lock));
  CHECK_OK(leaselock_unlock_and_destroy(lock));
  CHECK(!exists(place->lock));
  CHECK(rmdir(place->directory) == 0);
  CHECK_CODE(leaselock_lock(lock), -ENOENT);
  leaselock_free(&lock);
}

static void it_knows_its_names(struct place* place) {
  leaselock_t* lock = made(place);
  const char* claim = NULL;
  CHECK_TEXT(leaselock_path(lock), place->lock);
  CHECK(strlen(leaselock_hostname(lock)) > 0);
  CHECK_OK(leaselock_claimfile(lock, &claim));
  CHECK_TEXT(claim, "");
  CHECK_OK(leaselock_lock(lock));
  CHECK_OK(leaselock_claimfile(lock, &claim));
  CHECK(exists(claim));
  leaselock_free(&lock);
}

static void defaults_need_no_options(struct place* place) {
  leaselock_t* lock = NULL;
  CHECK_OK(leaselock_new(place->lock, NULL, &lock));
  CHECK(leaselock_lifetime(lock) == 15 * LEASELOCK_SECOND);
  CHECK_OK(leaselock_lock(lock));
  CHECK_OK(leaselock_unlock(lock));
  leaselock_free(&lock);
}

const struct test lock_tests[] = {TEST(is_held_until_it_is_given_back),
                                  TEST(tokens_grow),
                                  TEST(locking_twice_and_unlocking_twice_are_errors),
                                  TEST(freeing_gives_it_back),
                                  TEST(the_end_of_a_scope_can_free_it),
                                  TEST(refreshing_extends_the_lease),
                                  TEST(a_lost_lease_is_told),
                                  TEST(whoever_released_is_no_holder),
                                  TEST(its_state_is_told),
                                  TEST(destroying_leaves_nothing_but_the_handle),
                                  TEST(it_knows_its_names),
                                  TEST(defaults_need_no_options),
                                  {NULL, NULL}};
