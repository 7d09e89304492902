#define _XOPEN_SOURCE 700
#include <errno.h>
#include <unistd.h>

#include "check.h"

static leaselock_t* locked(struct place* place) {
  leaselock_t* lock = NULL;
  CHECK_OK(leaselock_new(place->lock, place->options, &lock));
  CHECK_OK(leaselock_lock(lock));
  return lock;
}

static void a_living_lease_is_broken_by_force_only(struct place* place) {
  leaselock_t* lock = locked(place);
  int broke = -1;
  CHECK_CODE(leaselock_break_expired(place->lock, place->options, &broke), LEASELOCK_ERR_STILL_ALIVE);
  CHECK_PART(leaselock_last_error(), "leaselock status");
  CHECK_OK(leaselock_unsafe_break(place->lock, place->options, &broke));
  CHECK(broke == 1);
  CHECK_CODE(leaselock_refresh(lock), LEASELOCK_ERR_LEASE_LOST);
  CHECK_OK(leaselock_unsafe_break(place->lock, place->options, &broke));
  CHECK(broke == 0);
  CHECK_OK(leaselock_break_expired(place->lock, place->options, NULL));
  leaselock_free(&lock);
}

static void an_expired_lease_is_broken(struct place* place) {
  leaselock_t* lock;
  int broke = -1, code = LEASELOCK_ERR_STILL_ALIVE;
  CHECK_OK(leaselock_options_set_lifetime(place->options, 300 * LEASELOCK_MILLISECOND));
  lock = locked(place);
  while (code == LEASELOCK_ERR_STILL_ALIVE) {
    pause_a_little();
    code = leaselock_break_expired(place->lock, place->options, &broke);
  }
  CHECK_OK(code);
  CHECK(broke == 1);
  leaselock_free(&lock);
}

static void cleaning_removes_what_is_left_of_a_lock(struct place* place) {
  leaselock_t* lock = locked(place);
  leaselock_names_t* removed = NULL;
  size_t kept = 0;
  CHECK_OK(leaselock_clean(place->lock, place->options, &removed, &kept));
  CHECK(kept > 0 && leaselock_names_count(removed) == 0);
  leaselock_names_free(&removed);
  CHECK_OK(leaselock_unlock(lock));
  leaselock_free(&lock);
  CHECK_OK(leaselock_clean(place->lock, place->options, &removed, &kept));
  CHECK(kept == 0 && leaselock_names_count(removed) > 0);
  CHECK_PART(leaselock_names_at(removed, 0), "L");
  CHECK(leaselock_names_at(removed, leaselock_names_count(removed)) == NULL);
  leaselock_names_free(&removed);
  CHECK(removed == NULL);
  CHECK_OK(leaselock_clean(place->lock, place->options, NULL, NULL));
  CHECK(rmdir(place->directory) == 0);
}

static void the_locks_of_a_directory_are_found(struct place* place) {
  leaselock_t* lock = locked(place);
  leaselock_names_t* paths = NULL;
  CHECK_OK(leaselock_locks_in(place->directory, place->options, &paths));
  CHECK(leaselock_names_count(paths) == 1);
  CHECK_TEXT(leaselock_names_at(paths, 0), place->lock);
  leaselock_names_free(&paths);
  leaselock_free(&lock);
}

static void what_is_not_there_is_an_error_of_the_system(struct place* place) {
  leaselock_names_t* paths = NULL;
  leaselock_status_t* status = NULL;
  CHECK_CODE(leaselock_locks_in(path_in(place, "nowhere"), NULL, &paths), -ENOENT);
  CHECK_CODE(leaselock_inspect(path_in(place, "nowhere/L"), NULL, &status), -ENOENT);
  CHECK(paths == NULL && status == NULL);
  CHECK_PART(leaselock_last_error(), "nowhere");
}

const struct test maintenance_tests[] = {
    TEST(a_living_lease_is_broken_by_force_only),      TEST(an_expired_lease_is_broken),
    TEST(cleaning_removes_what_is_left_of_a_lock),     TEST(the_locks_of_a_directory_are_found),
    TEST(what_is_not_there_is_an_error_of_the_system), {NULL, NULL}};
