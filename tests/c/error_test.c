#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "check.h"

static void the_text_names_path_holder_and_what_to_do(struct place* place) {
  leaselock_t *lock = NULL, *other = NULL;
  CHECK_OK(leaselock_new(place->lock, place->options, &lock));
  CHECK_OK(leaselock_new(place->lock, place->options, &other));
  CHECK_OK(leaselock_lock(lock));
  CHECK_CODE(leaselock_try_lock(other), LEASELOCK_ERR_TIMED_OUT);
  CHECK_PART(leaselock_last_error(), place->lock);
  CHECK_PART(leaselock_last_error(), leaselock_hostname(lock));
  CHECK_PART(leaselock_last_error(), "`leaselock status ");
  CHECK(leaselock_last_error_code() == LEASELOCK_ERR_TIMED_OUT);
  leaselock_free(&lock);
  leaselock_free(&other);
}

static void success_leaves_the_last_error(struct place* place) {
  leaselock_t* lock = NULL;
  char before[1000];
  CHECK_OK(leaselock_new(place->lock, place->options, &lock));
  CHECK_CODE(leaselock_unlock(lock), LEASELOCK_ERR_NOT_LOCKED);
  CHECK(strlen(leaselock_last_error()) < sizeof before);
  strcpy(before, leaselock_last_error());
  CHECK_OK(leaselock_lock(lock));
  CHECK_OK(leaselock_unlock(lock));
  CHECK_TEXT(leaselock_last_error(), before);
  leaselock_free(&lock);
}

static void* look_at_errors(void* nothing) {
  leaselock_t* lock = NULL;
  CHECK_TEXT(leaselock_last_error(), "");
  CHECK(leaselock_last_error_code() == LEASELOCK_OK);
  CHECK_CODE(leaselock_new(NULL, NULL, &lock), LEASELOCK_ERR_MISUSE);
  CHECK_PART(leaselock_last_error(), "leaselock_new: ");
  return nothing;
}

static void each_thread_has_its_own(struct place* place) {
  pthread_t thread;
  leaselock_t* lock = NULL;
  CHECK_OK(leaselock_new(path_in(place, "nowhere/L"), place->options, &lock));
  CHECK_CODE(leaselock_lock(lock), -ENOENT);
  CHECK(pthread_create(&thread, NULL, look_at_errors, NULL) == 0);
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK_PART(leaselock_last_error(), "nowhere");
  CHECK(leaselock_last_error_code() == -ENOENT);
  leaselock_free(&lock);
}

static void every_code_has_a_name_and_a_message(struct place* place) {
  int code;
  (void)place;
  for (code = LEASELOCK_OK; code <= LEASELOCK_ERR_DIFFERENT_PURPOSE; ++code) {
    CHECK_PART(leaselock_error_name(code), "LEASELOCK_");
    CHECK(strcmp(leaselock_error_message(code), "unknown error") != 0);
  }
  CHECK_TEXT(leaselock_error_name(LEASELOCK_ERR_LEASE_LOST), "LEASELOCK_ERR_LEASE_LOST");
  CHECK_TEXT(leaselock_error_name(LEASELOCK_ERR_MISUSE), "LEASELOCK_ERR_MISUSE");
  CHECK_TEXT(leaselock_error_name(LEASELOCK_ERR_INTERNAL), "LEASELOCK_ERR_INTERNAL");
  CHECK_TEXT(leaselock_error_name(17), "unknown");
  CHECK_TEXT(leaselock_error_name(-ENOSPC), "ENOSPC");
  CHECK_TEXT(leaselock_error_name(-4000), "unknown");
  CHECK_TEXT(leaselock_error_name(-2147483647 - 1), "unknown");
  CHECK_PART(leaselock_error_message(LEASELOCK_ERR_LEASE_LOST), "lease ran out");
  CHECK_TEXT(leaselock_error_message(-ENOSPC), strerror(ENOSPC));
  CHECK_TEXT(leaselock_error_message(17), "unknown error");
  CHECK_TEXT(leaselock_error_message(-2147483647 - 1), "unknown error");
  CHECK_PART(leaselock_error_message(LEASELOCK_ERR_MISUSE), "wrong way");
  CHECK_PART(leaselock_error_message(LEASELOCK_ERR_INTERNAL), "fault");
}

static void every_number_has_its_word(struct place* place) {
  (void)place;
  CHECK_TEXT(leaselock_state_name(LEASELOCK_STATE_THEIRS_EXPIRED), "theirs_expired");
  CHECK_TEXT(leaselock_kind_name(LEASELOCK_KIND_SHARED_LOCK), "shared_lock");
  CHECK_TEXT(leaselock_predecessor_name(LEASELOCK_PREDECESSOR_DIED), "died");
  CHECK_TEXT(leaselock_lease_state_name(LEASELOCK_LEASE_DOUBTFUL), "doubtful");
  CHECK_TEXT(leaselock_event_name(LEASELOCK_EVENT_LOST), "lost");
  CHECK_TEXT(leaselock_event_name(LEASELOCK_EVENT_SWEPT), "swept");
  CHECK_TEXT(leaselock_event_name(LEASELOCK_EVENT_DOWNGRADED), "downgraded");
  CHECK_TEXT(leaselock_state_name(6), "unknown");
  CHECK_TEXT(leaselock_kind_name(-1), "unknown");
  CHECK_TEXT(leaselock_predecessor_name(5), "unknown");
  CHECK_TEXT(leaselock_lease_state_name(3), "unknown");
  CHECK_TEXT(leaselock_event_name(13), "unknown");
}

const struct test error_tests[] = {
    TEST(the_text_names_path_holder_and_what_to_do), TEST(success_leaves_the_last_error), TEST(each_thread_has_its_own),
    TEST(every_code_has_a_name_and_a_message),       TEST(every_number_has_its_word),     {NULL, NULL}};
