#include <pthread.h>

#include "check.h"

static leaselock_t* locked(struct place* place, int64_t lifetime) {
  leaselock_t* lock = NULL;
  CHECK_OK(leaselock_options_set_lifetime(place->options, lifetime));
  CHECK_OK(leaselock_new(place->lock, place->options, &lock));
  CHECK_OK(leaselock_lock(lock));
  return lock;
}

static void refreshes_for_longer_than_a_lease(struct place* place) {
  leaselock_t* lock;
  leaselock_keep_alive_t* keep = NULL;
  uint64_t refreshes = 0;
  leaselock_counters_t* counters = NULL;
  CHECK_OK(leaselock_counters_new(&counters));
  CHECK_OK(leaselock_options_set_counters(place->options, counters));
  lock = locked(place, 600 * LEASELOCK_MILLISECOND);
  CHECK_OK(leaselock_keep_alive_new(lock, NULL, &keep));
  while (refreshes < 4) {
    pause_a_little();
    refreshes = leaselock_counters_value(counters, LEASELOCK_COUNT_REFRESHES);
  }
  CHECK_OK(leaselock_keep_alive_stop(keep));
  leaselock_keep_alive_free(&keep);
  leaselock_counters_free(&counters);
  leaselock_free(&lock);
}

static void gives_the_lock_back(struct place* place) {
  leaselock_t *lock = locked(place, 15 * LEASELOCK_SECOND), *other = NULL;
  leaselock_keep_alive_t* keep = NULL;
  leaselock_lease_report_t* report = NULL;
  CHECK_OK(leaselock_keep_alive_new(lock, NULL, &keep));
  CHECK(leaselock_keep_alive_state(keep) == LEASELOCK_LEASE_HELD);
  CHECK(leaselock_keep_alive_may_act(keep) && !leaselock_keep_alive_stop_requested(keep));
  CHECK(leaselock_may_act(lock) && leaselock_remaining(lock) > 0 && leaselock_fencing_token(lock) > 0);
  CHECK_OK(leaselock_keep_alive_report(keep, &report));
  CHECK(leaselock_lease_report_state(report) == LEASELOCK_LEASE_HELD);
  CHECK(leaselock_lease_report_remaining(report) > 0);
  CHECK(leaselock_lease_report_error(report) == LEASELOCK_OK);
  CHECK(leaselock_lease_report_unanswered(report) == LEASELOCK_NONE);
  leaselock_lease_report_free(&report);
  CHECK_OK(leaselock_keep_alive_unlock(keep));
  CHECK_CODE(leaselock_keep_alive_unlock(keep), LEASELOCK_ERR_NOT_LOCKED);
  CHECK_OK(leaselock_new(place->lock, place->options, &other));
  CHECK_OK(leaselock_try_lock(other));
  leaselock_keep_alive_free(&keep);
  leaselock_free(&lock);
  leaselock_free(&other);
}

static void the_lock_belongs_to_it_until_it_stops(struct place* place) {
  leaselock_t* lock = locked(place, 15 * LEASELOCK_SECOND);
  leaselock_keep_alive_t *keep = NULL, *second = NULL;
  CHECK_OK(leaselock_keep_alive_new(lock, NULL, &keep));
  CHECK_CODE(leaselock_refresh(lock), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_unlock(lock), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_keep_alive_new(lock, NULL, &second), LEASELOCK_ERR_MISUSE);
  CHECK(second == NULL && leaselock_may_act(lock));
  CHECK_OK(leaselock_keep_alive_stop_for(keep, LEASELOCK_FOREVER));
  CHECK_OK(leaselock_keep_alive_stop_for(keep, INT64_MAX));
  CHECK_OK(leaselock_refresh(lock));
  leaselock_keep_alive_free(&keep);
  CHECK_OK(leaselock_unlock(lock));
  leaselock_free(&lock);
}

static void either_may_be_freed_first(struct place* place) {
  leaselock_t *lock = locked(place, 15 * LEASELOCK_SECOND), *other = NULL;
  leaselock_keep_alive_t* keep = NULL;
  CHECK_OK(leaselock_keep_alive_new(lock, NULL, &keep));
  leaselock_free(&lock);
  CHECK(leaselock_keep_alive_may_act(keep));
  CHECK_OK(leaselock_new(place->lock, place->options, &other));
  CHECK_CODE(leaselock_try_lock(other), LEASELOCK_ERR_TIMED_OUT);
  leaselock_keep_alive_free(&keep);
  CHECK_OK(leaselock_try_lock(other));
  leaselock_free(&other);
}

struct told {
  pthread_mutex_t mutex;
  int state;
  int error;
};

static void remember(void* user, const leaselock_lease_report_t* report) {
  struct told* told = user;
  pthread_mutex_lock(&told->mutex);
  told->state = leaselock_lease_report_state(report);
  told->error = leaselock_lease_report_error(report);
  pthread_mutex_unlock(&told->mutex);
}

static void a_lost_lease_is_told_to_the_callback(struct place* place) {
  leaselock_t* lock = locked(place, 600 * LEASELOCK_MILLISECOND);
  leaselock_keep_alive_t* keep = NULL;
  leaselock_keep_alive_options_t* options = NULL;
  struct told told = {PTHREAD_MUTEX_INITIALIZER, LEASELOCK_LEASE_HELD, LEASELOCK_OK};
  int broke = -1, state = LEASELOCK_LEASE_HELD;
  CHECK_OK(leaselock_keep_alive_options_new(&options));
  CHECK_OK(leaselock_keep_alive_options_set_stop_at(options, LEASELOCK_LEASE_LOST));
  CHECK_OK(leaselock_keep_alive_options_set_margin(options, 200 * LEASELOCK_MILLISECOND));
  CHECK_OK(leaselock_keep_alive_options_set_patience(options, LEASELOCK_SECOND));
  CHECK_OK(leaselock_keep_alive_options_set_on_change(options, remember, &told));
  CHECK_OK(leaselock_keep_alive_new(lock, options, &keep));
  leaselock_keep_alive_options_free(&options);
  while (broke != 1) leaselock_unsafe_break(place->lock, place->options, &broke); /* a refresh may come between */
  while (state != LEASELOCK_LEASE_LOST) {
    pause_a_little();
    pthread_mutex_lock(&told.mutex);
    state = told.state;
    pthread_mutex_unlock(&told.mutex);
  }
  CHECK(told.error == LEASELOCK_ERR_LEASE_LOST);
  CHECK(leaselock_keep_alive_stop_requested(keep) && !leaselock_keep_alive_may_act(keep));
  CHECK_CODE(leaselock_keep_alive_unlock(keep), LEASELOCK_ERR_LEASE_LOST);
  leaselock_keep_alive_free(&keep);
  leaselock_free(&lock);
}

static void semaphores_and_shared_locks_are_kept_too(struct place* place) {
  leaselock_semaphore_t* semaphore = NULL;
  leaselock_shared_t* shared = NULL;
  leaselock_keep_alive_t* keep = NULL;
  CHECK_OK(leaselock_semaphore_new(place->lock, 2, place->options, &semaphore));
  CHECK_OK(leaselock_semaphore_acquire(semaphore, 2));
  CHECK_OK(leaselock_keep_alive_new_semaphore(semaphore, NULL, &keep));
  CHECK_CODE(leaselock_semaphore_release(semaphore), LEASELOCK_ERR_MISUSE);
  CHECK_OK(leaselock_keep_alive_unlock(keep));
  leaselock_keep_alive_free(&keep);
  leaselock_semaphore_free(&semaphore);

  CHECK_OK(leaselock_shared_new(path_in(place, "S"), place->options, &shared));
  CHECK_OK(leaselock_shared_lock_shared(shared));
  CHECK_OK(leaselock_keep_alive_new_shared(shared, NULL, &keep));
  CHECK_CODE(leaselock_shared_unlock(shared), LEASELOCK_ERR_MISUSE);
  CHECK_OK(leaselock_keep_alive_unlock(keep));
  leaselock_keep_alive_free(&keep);
  leaselock_shared_free(&shared);
}

static void what_cannot_be_kept_is_an_error(struct place* place) {
  leaselock_t* lock = NULL;
  leaselock_keep_alive_t* keep = NULL;
  leaselock_keep_alive_options_t* options = NULL;
  CHECK_OK(leaselock_new(place->lock, place->options, &lock));
  CHECK_CODE(leaselock_keep_alive_new(lock, NULL, &keep), LEASELOCK_ERR_NOT_LOCKED);
  CHECK_OK(leaselock_lock(lock));
  CHECK_OK(leaselock_keep_alive_options_new(&options));
  CHECK_OK(leaselock_keep_alive_options_set_margin(options, INT64_MAX));
  CHECK_CODE(leaselock_keep_alive_new(lock, options, &keep), LEASELOCK_ERR_INVALID_OPTIONS);
  CHECK(keep == NULL && !leaselock_may_act(lock));
  CHECK_OK(leaselock_keep_alive_options_set_margin(options, LEASELOCK_SECOND));
  CHECK_OK(leaselock_keep_alive_options_set_patience(options, INT64_MAX));
  CHECK_OK(leaselock_lock(lock));
  CHECK_CODE(leaselock_keep_alive_new(lock, options, &keep), LEASELOCK_ERR_INVALID_OPTIONS);
  CHECK_PART(leaselock_last_error(), "ten years");
  CHECK_CODE(leaselock_keep_alive_options_set_stop_at(options, LEASELOCK_LEASE_HELD), LEASELOCK_ERR_MISUSE);
  leaselock_keep_alive_options_free(&options);
  leaselock_free(&lock);
}

const struct test keep_alive_tests[] = {
    TEST(refreshes_for_longer_than_a_lease),        TEST(gives_the_lock_back),
    TEST(the_lock_belongs_to_it_until_it_stops), TEST(either_may_be_freed_first),
    TEST(a_lost_lease_is_told_to_the_callback),  TEST(semaphores_and_shared_locks_are_kept_too),
    TEST(what_cannot_be_kept_is_an_error),       {NULL, NULL}};
