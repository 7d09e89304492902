#include "check.h"

static void null_handles_are_refused(struct place* place) {
  int number = 0;
  int64_t time = 0;
  size_t count = 9;
  const char* text = NULL;
  leaselock_status_t* status = NULL;
  leaselock_keep_alive_t* keep = NULL;
  leaselock_lease_report_t* report = NULL;
  (void)place;
  CHECK_CODE(leaselock_lock(NULL), LEASELOCK_ERR_MISUSE);
  CHECK_TEXT(leaselock_last_error(), "leaselock_lock: the handle is NULL");
  CHECK_CODE(leaselock_lock_for(NULL, 0), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_unlock(NULL), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_refresh(NULL), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_is_locked(NULL, &number), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_expiration(NULL, &time), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_claimfile(NULL, &text), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_status(NULL, &status), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_semaphore_acquire(NULL, 1), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_semaphore_held(NULL, NULL, NULL, 0, &count), LEASELOCK_ERR_MISUSE);
  CHECK(count == 0);
  CHECK_CODE(leaselock_shared_lock_shared(NULL), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_keep_alive_new(NULL, NULL, &keep), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_keep_alive_stop(NULL), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_keep_alive_report(NULL, &report), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_stop_request(NULL), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_options_set_fair(NULL, 1), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_inspect(NULL, NULL, &status), LEASELOCK_ERR_MISUSE);
}

static void null_can_be_asked_and_freed(struct place* place) {
  leaselock_t* none = NULL;
  (void)place;
  CHECK(leaselock_may_act(NULL) == 0 && leaselock_remaining(NULL) == 0 && leaselock_fencing_token(NULL) == 0);
  CHECK(leaselock_lifetime(NULL) == 0);
  CHECK_TEXT(leaselock_path(NULL), "");
  CHECK(leaselock_semaphore_may_act(NULL) == 0 && leaselock_semaphore_slots(NULL) == 0);
  CHECK(leaselock_shared_may_act(NULL) == 0 && leaselock_shared_holds_shared(NULL) == 0);
  CHECK(leaselock_keep_alive_may_act(NULL) == 0 && leaselock_keep_alive_stop_requested(NULL) == 1);
  CHECK(leaselock_keep_alive_state(NULL) == LEASELOCK_LEASE_LOST && leaselock_stop_requested(NULL) == 0);
  CHECK(leaselock_lease_report_state(NULL) == LEASELOCK_LEASE_LOST);
  CHECK(leaselock_lease_report_unanswered(NULL) == LEASELOCK_NONE);
  CHECK_TEXT(leaselock_event_text(NULL), "");
  CHECK(leaselock_event_kind(NULL) == LEASELOCK_EVENT_SWEPT && leaselock_waiting_holder(NULL) == NULL);
  leaselock_free(NULL);
  leaselock_free(&none);
  leaselock_semaphore_free(NULL);
  leaselock_shared_free(NULL);
  leaselock_keep_alive_free(NULL);
  leaselock_options_free(NULL);
  leaselock_text_free(NULL);
  leaselock_names_free(NULL);
  leaselock_status_free(NULL);
}

/* As other languages can do it, which have one type for every pointer. */
static void handles_of_another_kind_are_refused(struct place* place) {
  leaselock_t* lock = NULL;
  void* wrong;
  CHECK_OK(leaselock_new(place->lock, place->options, &lock));
  wrong = lock;
  CHECK_CODE(leaselock_semaphore_acquire(wrong, 1), LEASELOCK_ERR_MISUSE);
  CHECK_PART(leaselock_last_error(), "another kind");
  CHECK_CODE(leaselock_options_set_fair(wrong, 1), LEASELOCK_ERR_MISUSE);
  CHECK(leaselock_shared_may_act(wrong) == 0 && leaselock_status_fence(wrong) == 0);
  leaselock_semaphore_free((leaselock_semaphore_t**)&wrong);
  CHECK(wrong == lock);
  CHECK_OK(leaselock_lock(lock));
  leaselock_free(&lock);
}

static void a_result_needs_a_place(struct place* place) {
  leaselock_t* lock = NULL;
  leaselock_stop_t* stop = NULL;
  CHECK_CODE(leaselock_new(place->lock, place->options, NULL), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_stop_new(NULL), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_inspect(place->lock, place->options, NULL), LEASELOCK_ERR_MISUSE);
  CHECK_OK(leaselock_new(place->lock, place->options, &lock));
  CHECK_CODE(leaselock_state(lock, NULL), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_status(lock, NULL), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_is_locked(lock, NULL), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_claimfile(lock, NULL), LEASELOCK_ERR_MISUSE);
  CHECK_OK(leaselock_stop_new(&stop));
  CHECK(leaselock_stop_requested(stop) == 0);
  CHECK_OK(leaselock_stop_request(stop));
  CHECK(leaselock_stop_requested(stop) == 1);
  leaselock_stop_free(&stop);
  leaselock_free(&lock);
}

static void what_could_not_be_made_is_null(struct place* place) {
  leaselock_t* lock = (leaselock_t*)place;
  CHECK_CODE(leaselock_new("", place->options, &lock), LEASELOCK_ERR_INVALID_OPTIONS);
  CHECK(lock == NULL);
}

const struct test misuse_tests[] = {
    TEST(null_handles_are_refused), TEST(null_can_be_asked_and_freed),    TEST(handles_of_another_kind_are_refused),
    TEST(a_result_needs_a_place),   TEST(what_could_not_be_made_is_null), {NULL, NULL}};
