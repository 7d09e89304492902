#define _XOPEN_SOURCE 700
#include <unistd.h>

#include "check.h"

static leaselock_semaphore_t* made(struct place* place, uint32_t slots) {
  leaselock_semaphore_t* semaphore = NULL;
  CHECK_OK(leaselock_semaphore_new(place->lock, slots, place->options, &semaphore));
  return semaphore;
}

static void has_as_many_holders_as_slots(struct place* place) {
  leaselock_semaphore_t *first = made(place, 2), *second = made(place, 2), *third = made(place, 2);
  CHECK_OK(leaselock_semaphore_acquire(first, 1));
  CHECK_OK(leaselock_semaphore_try_acquire(second, 1));
  CHECK_CODE(leaselock_semaphore_try_acquire(third, 1), LEASELOCK_ERR_TIMED_OUT);
  CHECK_PART(leaselock_last_error(), place->lock);
  CHECK(leaselock_semaphore_may_act(first) && !leaselock_semaphore_may_act(third));
  CHECK(leaselock_semaphore_remaining(first) > 0 && leaselock_semaphore_remaining(third) == 0);
  CHECK(leaselock_semaphore_fencing_token(second) > 0 && leaselock_semaphore_fencing_token(third) == 0);
  CHECK_OK(leaselock_semaphore_refresh(first));
  CHECK_OK(leaselock_semaphore_refresh_for(first, 60 * LEASELOCK_SECOND));
  CHECK_OK(leaselock_semaphore_release(first));
  CHECK_OK(leaselock_semaphore_acquire_for(third, 1, 60 * LEASELOCK_SECOND));
  leaselock_semaphore_free(&first);
  leaselock_semaphore_free(&second);
  leaselock_semaphore_free(&third);
}

static void several_slots_are_told_one_by_one(struct place* place) {
  leaselock_semaphore_t* semaphore = made(place, 3);
  uint32_t indexes[3] = {9, 9, 9};
  uint64_t tokens[3] = {0, 0, 0};
  size_t count = 7;
  CHECK_OK(leaselock_semaphore_held(semaphore, indexes, tokens, 3, &count));
  CHECK(count == 0 && indexes[0] == 9);
  CHECK_OK(leaselock_semaphore_acquire(semaphore, 2));
  CHECK_OK(leaselock_semaphore_held(semaphore, indexes, tokens, 3, &count));
  CHECK(count == 2 && indexes[0] < indexes[1] && indexes[1] < 3 && indexes[2] == 9);
  CHECK(tokens[0] > 0 && tokens[1] > 0 && tokens[2] == 0);
  CHECK(tokens[0] == leaselock_semaphore_fencing_token(semaphore));
  indexes[1] = 9;
  CHECK_OK(leaselock_semaphore_held(semaphore, indexes, NULL, 1, &count));
  CHECK(count == 2 && indexes[1] == 9);
  CHECK_OK(leaselock_semaphore_held(semaphore, NULL, NULL, 0, &count));
  CHECK(count == 2);
  leaselock_semaphore_free(&semaphore);
}

static void wrong_numbers_are_refused(struct place* place) {
  leaselock_semaphore_t *two = made(place, 2), *three = made(place, 3), *none = NULL;
  CHECK_CODE(leaselock_semaphore_new(place->lock, 0, place->options, &none), LEASELOCK_ERR_INVALID_OPTIONS);
  CHECK_CODE(leaselock_semaphore_new(place->lock, LEASELOCK_SEMAPHORE_MOST_SLOTS + 1, NULL, &none),
             LEASELOCK_ERR_INVALID_OPTIONS);
  CHECK(none == NULL);
  CHECK_CODE(leaselock_semaphore_acquire(two, 0), LEASELOCK_ERR_INVALID_OPTIONS);
  CHECK_CODE(leaselock_semaphore_acquire_for(two, 3, 0), LEASELOCK_ERR_INVALID_OPTIONS);
  CHECK_PART(leaselock_last_error(), "3 slots");
  CHECK_OK(leaselock_semaphore_acquire(two, 1));
  CHECK_CODE(leaselock_semaphore_try_acquire(three, 1), LEASELOCK_ERR_DIFFERENT_PURPOSE);
  CHECK_PART(leaselock_last_error(), "leaselock resize");
  CHECK_CODE(leaselock_semaphore_resize(three, 0, 0), LEASELOCK_ERR_INVALID_OPTIONS);
  leaselock_semaphore_free(&two);
  leaselock_semaphore_free(&three);
}

static void can_be_resized(struct place* place) {
  leaselock_semaphore_t* semaphore = made(place, 2);
  CHECK_OK(leaselock_semaphore_acquire(semaphore, 1));
  CHECK_CODE(leaselock_semaphore_resize(semaphore, 3, 0), LEASELOCK_ERR_ALREADY_LOCKED);
  CHECK_OK(leaselock_semaphore_release(semaphore));
  CHECK_OK(leaselock_semaphore_resize(semaphore, 3, LEASELOCK_FOREVER));
  CHECK(leaselock_semaphore_slots(semaphore) == 3);
  CHECK_OK(leaselock_semaphore_acquire(semaphore, 3));
  leaselock_semaphore_free(&semaphore);
}

static void everybody_who_holds_a_slot_is_told(struct place* place) {
  leaselock_semaphore_t *first = made(place, 2), *second = made(place, 2);
  leaselock_status_t* status = NULL;
  int end = -1;
  CHECK_OK(leaselock_semaphore_acquire(first, 1));
  CHECK_OK(leaselock_semaphore_acquire(second, 1));
  CHECK_OK(leaselock_semaphore_status(first, &status));
  CHECK(leaselock_status_kind(status) == LEASELOCK_KIND_SEMAPHORE);
  CHECK(leaselock_status_slots(status) == 2);
  CHECK(leaselock_status_holders_count(status) == 2);
  CHECK(leaselock_holder_slot(leaselock_status_holders_at(status, 0)) == 0);
  CHECK(leaselock_holder_slot(leaselock_status_holders_at(status, 1)) == 1);
  CHECK(leaselock_holder_pid(leaselock_status_holders_at(status, 1)) == getpid());
  CHECK(leaselock_status_holders_at(status, 2) == NULL);
  leaselock_status_free(&status);
  CHECK_OK(leaselock_semaphore_predecessor(first, &end, NULL));
  CHECK(end == LEASELOCK_PREDECESSOR_NONE);
  CHECK_TEXT(leaselock_semaphore_path(first), place->lock);
  CHECK(leaselock_semaphore_lifetime(first) == 15 * LEASELOCK_SECOND);
  leaselock_semaphore_free(&first);
  leaselock_semaphore_free(&second);
}

const struct test semaphore_tests[] = {
    TEST(has_as_many_holders_as_slots),       TEST(several_slots_are_told_one_by_one),
    TEST(wrong_numbers_are_refused),          TEST(can_be_resized),
    TEST(everybody_who_holds_a_slot_is_told), {NULL, NULL}};
