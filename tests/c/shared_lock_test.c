#include "check.h"

static leaselock_shared_t* made(struct place* place) {
  leaselock_shared_t* lock = NULL;
  CHECK_OK(leaselock_shared_new(place->lock, place->options, &lock));
  return lock;
}

static void readers_share_and_writers_do_not(struct place* place) {
  leaselock_shared_t *first = made(place), *second = made(place), *writer = made(place);
  CHECK_OK(leaselock_shared_lock_shared(first));
  CHECK_OK(leaselock_shared_try_lock_shared(second));
  CHECK(leaselock_shared_holds_shared(first) && !leaselock_shared_holds_exclusive(first));
  CHECK_CODE(leaselock_shared_try_lock_exclusive(writer), LEASELOCK_ERR_TIMED_OUT);
  CHECK_CODE(leaselock_shared_lock_exclusive_for(writer, 20 * LEASELOCK_MILLISECOND), LEASELOCK_ERR_TIMED_OUT);
  CHECK_OK(leaselock_shared_unlock(first));
  CHECK_OK(leaselock_shared_unlock(second));
  CHECK_CODE(leaselock_shared_unlock(second), LEASELOCK_ERR_NOT_LOCKED);
  CHECK_OK(leaselock_shared_lock_exclusive(writer));
  CHECK(leaselock_shared_holds_exclusive(writer) && !leaselock_shared_holds_shared(writer));
  CHECK_CODE(leaselock_shared_lock_shared_for(first, 0), LEASELOCK_ERR_TIMED_OUT);
  CHECK_OK(leaselock_shared_unlock(writer));
  leaselock_shared_free(&first);
  leaselock_shared_free(&second);
  leaselock_shared_free(&writer);
}

static void a_reader_becomes_a_writer_when_it_is_alone(struct place* place) {
  leaselock_shared_t *first = made(place), *second = made(place);
  uint64_t token;
  CHECK_CODE(leaselock_shared_try_upgrade(first), LEASELOCK_ERR_NOT_LOCKED);
  CHECK_CODE(leaselock_shared_downgrade(first), LEASELOCK_ERR_NOT_LOCKED);
  CHECK_OK(leaselock_shared_lock_shared(first));
  CHECK_OK(leaselock_shared_lock_shared(second));
  token = leaselock_shared_fencing_token(first);
  CHECK_CODE(leaselock_shared_try_upgrade(first), LEASELOCK_ERR_TIMED_OUT);
  CHECK_PART(leaselock_last_error(), "another reader");
  CHECK(leaselock_shared_holds_shared(first));
  CHECK_OK(leaselock_shared_unlock(second));
  CHECK_OK(leaselock_shared_try_upgrade(first));
  CHECK(leaselock_shared_holds_exclusive(first));
  CHECK(leaselock_shared_fencing_token(first) > token);
  CHECK_OK(leaselock_shared_downgrade(first));
  CHECK(leaselock_shared_holds_shared(first));
  leaselock_shared_free(&first);
  leaselock_shared_free(&second);
}

static void either_kind_of_hold_is_refreshed_and_told(struct place* place) {
  leaselock_shared_t* lock = made(place);
  leaselock_status_t* status = NULL;
  int end = -1;
  CHECK_OK(leaselock_shared_lock_shared(lock));
  CHECK_OK(leaselock_shared_refresh(lock));
  CHECK_OK(leaselock_shared_refresh_for(lock, 20 * LEASELOCK_SECOND));
  CHECK(leaselock_shared_lifetime(lock) == 15 * LEASELOCK_SECOND);
  CHECK_OK(leaselock_shared_refresh_for(lock, 10 * LEASELOCK_SECOND));
  CHECK(leaselock_shared_may_act(lock) && leaselock_shared_remaining(lock) > 0);
  CHECK_OK(leaselock_shared_status(lock, &status));
  CHECK(leaselock_status_kind(status) == LEASELOCK_KIND_SHARED_LOCK);
  CHECK(leaselock_holder_shared(leaselock_status_holder(status)));
  leaselock_status_free(&status);
  CHECK_OK(leaselock_shared_predecessor(lock, &end, NULL));
  CHECK(end == LEASELOCK_PREDECESSOR_NONE);
  CHECK_TEXT(leaselock_shared_path(lock), place->lock);
  CHECK(leaselock_shared_lifetime(lock) == 10 * LEASELOCK_SECOND);
  leaselock_shared_free(&lock);
}

static void a_path_has_one_purpose(struct place* place) {
  leaselock_shared_t* shared = made(place);
  leaselock_t* lock = NULL;
  CHECK_OK(leaselock_shared_lock_shared(shared));
  CHECK_OK(leaselock_new(place->lock, place->options, &lock));
  CHECK_CODE(leaselock_try_lock(lock), LEASELOCK_ERR_DIFFERENT_PURPOSE);
  leaselock_free(&lock);
  leaselock_shared_free(&shared);
}

const struct test shared_lock_tests[] = {TEST(readers_share_and_writers_do_not),
                                         TEST(a_reader_becomes_a_writer_when_it_is_alone),
                                         TEST(either_kind_of_hold_is_refreshed_and_told),
                                         TEST(a_path_has_one_purpose),
                                         {NULL, NULL}};
