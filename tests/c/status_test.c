#define _XOPEN_SOURCE 700
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

static leaselock_t* locked(struct place* place) {
  leaselock_t* lock = NULL;
  CHECK_OK(leaselock_new(place->lock, place->options, &lock));
  CHECK_OK(leaselock_lock(lock));
  return lock;
}

static void a_look_at_nothing_finds_nothing(struct place* place) {
  leaselock_status_t* status = NULL;
  CHECK_OK(leaselock_inspect(place->lock, place->options, &status));
  CHECK_TEXT(leaselock_status_path(status), place->lock);
  CHECK(leaselock_status_state(status) == LEASELOCK_STATE_UNLOCKED);
  CHECK(leaselock_status_kind(status) == LEASELOCK_KIND_LOCK && leaselock_status_slots(status) == 1);
  CHECK(leaselock_status_holder(status) == NULL && leaselock_status_holders_count(status) == 0);
  CHECK(leaselock_status_queue_count(status) == 0 && leaselock_status_queue_at(status, 0) == NULL);
  CHECK(leaselock_names_count(leaselock_status_waiters(status)) == 0);
  CHECK(leaselock_names_count(leaselock_status_leftovers(status)) == 0);
  CHECK(!leaselock_status_fence(status) && !leaselock_status_lock_file(status));
  CHECK(leaselock_status_token(status) == 0);
  CHECK_TEXT(leaselock_status_problem(status), "");
  leaselock_status_free(&status);
  CHECK(status == NULL);
}

static void a_look_shows_who_holds_it(struct place* place) {
  leaselock_t* lock = locked(place);
  leaselock_status_t* status = NULL;
  const leaselock_holder_t* holder;
  const char* claim = NULL;
  CHECK_OK(leaselock_status(lock, &status));
  CHECK(leaselock_status_fence(status) && leaselock_status_lock_file(status));
  CHECK(leaselock_status_token(status) == leaselock_fencing_token(lock));
  holder = leaselock_status_holder(status);
  CHECK(leaselock_holder_pid(holder) == getpid());
  CHECK_TEXT(leaselock_holder_host(holder), leaselock_hostname(lock));
  CHECK(leaselock_holder_token(holder) == leaselock_fencing_token(lock));
  CHECK(leaselock_holder_expires(holder) > INT64_C(1700000000) * LEASELOCK_SECOND);
  CHECK(leaselock_holder_slot(holder) == LEASELOCK_NONE);
  CHECK(!leaselock_holder_shared(holder) && !leaselock_holder_gone(holder));
  CHECK_OK(leaselock_claimfile(lock, &claim));
  CHECK_PART(claim, leaselock_holder_claim(holder));
  CHECK(strlen(leaselock_holder_claim(holder)) > 0);
  CHECK(leaselock_holder_pid(leaselock_status_holders_at(status, 0)) == getpid());
  leaselock_status_free(&status);
  leaselock_free(&lock);
}

static void* wait_and_release(void* path_and_options) {
  struct place* place = path_and_options;
  leaselock_t* waiter = locked(place);
  CHECK_OK(leaselock_unlock(waiter));
  leaselock_free(&waiter);
  return NULL;
}

static void a_look_shows_who_waits(struct place* place) {
  leaselock_t* holder = locked(place);
  leaselock_status_t* status = NULL;
  pthread_t waiting;
  const leaselock_waiter_t* first = NULL;
  CHECK(pthread_create(&waiting, NULL, wait_and_release, place) == 0);
  while (first == NULL) {
    leaselock_status_free(&status);
    pause_a_little();
    CHECK_OK(leaselock_status(holder, &status));
    first = leaselock_status_queue_at(status, 0);
  }
  CHECK(leaselock_status_queue_count(status) == 1);
  CHECK(leaselock_waiter_pid(first) == getpid());
  CHECK_TEXT(leaselock_waiter_host(first), leaselock_hostname(holder));
  CHECK(leaselock_waiter_since(first) > INT64_C(1700000000) * LEASELOCK_SECOND);
  leaselock_status_free(&status);
  CHECK_OK(leaselock_unlock(holder));
  CHECK(pthread_join(waiting, NULL) == 0);
  leaselock_free(&holder);
}

static void nothing_is_told_of_nothing(struct place* place) {
  (void)place;
  CHECK_TEXT(leaselock_status_path(NULL), "");
  CHECK_TEXT(leaselock_status_problem(NULL), "");
  CHECK(leaselock_status_holder(NULL) == NULL && leaselock_status_holders_at(NULL, 0) == NULL);
  CHECK(leaselock_status_queue_at(NULL, 0) == NULL && leaselock_status_waiters(NULL) == NULL);
  CHECK(leaselock_status_leftovers(NULL) == NULL && leaselock_status_token(NULL) == 0);
  CHECK(leaselock_status_kind(NULL) == LEASELOCK_KIND_LOCK && leaselock_status_slots(NULL) == 0);
  CHECK(leaselock_status_state(NULL) == LEASELOCK_STATE_UNKNOWN);
  CHECK(leaselock_status_fence(NULL) == 0 && leaselock_status_lock_file(NULL) == 0);
  CHECK(leaselock_names_count(NULL) == 0 && leaselock_names_at(NULL, 0) == NULL);
  CHECK_TEXT(leaselock_holder_host(NULL), "");
  CHECK_TEXT(leaselock_holder_claim(NULL), "");
  CHECK(leaselock_holder_pid(NULL) == 0 && leaselock_holder_expires(NULL) == LEASELOCK_NONE);
  CHECK(leaselock_holder_token(NULL) == 0 && leaselock_holder_slot(NULL) == LEASELOCK_NONE);
  CHECK(leaselock_holder_shared(NULL) == 0 && leaselock_holder_gone(NULL) == 0);
  CHECK_TEXT(leaselock_waiter_host(NULL), "");
  CHECK(leaselock_waiter_pid(NULL) == 0 && leaselock_waiter_since(NULL) == LEASELOCK_NONE);
}

const struct test status_tests[] = {TEST(a_look_at_nothing_finds_nothing),
                                    TEST(a_look_shows_who_holds_it),
                                    TEST(a_look_shows_who_waits),
                                    TEST(nothing_is_told_of_nothing),
                                    {NULL, NULL}};
