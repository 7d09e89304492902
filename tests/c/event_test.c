#define _XOPEN_SOURCE 700
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

struct heard {
  int kinds[16];
  int count;
  const char* path;
  int waits;
  int traces;
};

static void hear(void* user, const leaselock_event_t* event) {
  struct heard* heard = user;
  const int kind = leaselock_event_kind(event);
  char words[64];
  CHECK(heard->count < 16);
  heard->kinds[heard->count++] = kind;
  CHECK_TEXT(leaselock_event_path(event), heard->path);
  snprintf(words, sizeof words, "event=%s", leaselock_event_name(kind));
  CHECK_PART(leaselock_event_text(event), words);
  CHECK(leaselock_event_time(event) > INT64_C(1700000000) * LEASELOCK_SECOND);
  if (kind == LEASELOCK_EVENT_ACQUIRED) {
    CHECK(leaselock_event_token(event) > 0 && leaselock_event_remaining(event) > 0);
    CHECK(leaselock_event_waited(event) >= 0 && leaselock_event_held(event) == LEASELOCK_NONE);
    CHECK(leaselock_event_predecessor(event) == LEASELOCK_PREDECESSOR_NONE);
  }
  if (kind == LEASELOCK_EVENT_GAVE_UP) {
    CHECK(leaselock_event_error(event) == LEASELOCK_ERR_TIMED_OUT);
    CHECK(leaselock_holder_pid(leaselock_event_holder(event)) == getpid());
    CHECK(leaselock_event_token(event) == 0);
  }
  if (kind == LEASELOCK_EVENT_RELEASED) CHECK(leaselock_event_held(event) >= 0);
  CHECK(leaselock_event_files(event) == 0);
}

static void hear_waiting(void* user, const leaselock_waiting_t* waiting) {
  struct heard* heard = user;
  ++heard->waits;
  CHECK(leaselock_waiting_waited(waiting) >= 0);
  CHECK(leaselock_waiting_remaining(waiting) >= 0);
  CHECK(leaselock_holder_pid(leaselock_waiting_holder(waiting)) == getpid());
}

static void hear_trace(void* user, const char* line) {
  struct heard* heard = user;
  ++heard->traces;
  CHECK(strlen(line) > 0);
}

static void what_becomes_of_a_lock_is_told(struct place* place) {
  struct heard heard = {{0}, 0, NULL, 0, 0};
  leaselock_t *lock = NULL, *holder = NULL;
  const int expected[] = {LEASELOCK_EVENT_WAITING, LEASELOCK_EVENT_GAVE_UP, LEASELOCK_EVENT_ACQUIRED,
                          LEASELOCK_EVENT_REFRESHED, LEASELOCK_EVENT_RELEASED};
  heard.path = place->lock;
  CHECK_OK(leaselock_new(place->lock, place->options, &holder));
  CHECK_OK(leaselock_options_set_on_event(place->options, hear, &heard));
  CHECK_OK(leaselock_options_set_on_wait(place->options, hear_waiting, &heard));
  CHECK_OK(leaselock_options_set_on_trace(place->options, hear_trace, &heard));
  CHECK_OK(leaselock_new(place->lock, place->options, &lock));
  CHECK_OK(leaselock_lock(holder));
  CHECK_CODE(leaselock_lock_for(lock, 50 * LEASELOCK_MILLISECOND), LEASELOCK_ERR_TIMED_OUT);
  leaselock_free(&holder);
  CHECK(heard.waits > 0 && heard.traces > 0);
  CHECK_OK(leaselock_unsafe_break(place->lock, NULL, NULL));
  heard.path = place->lock;
  leaselock_free(&lock);
  CHECK_OK(leaselock_new(path_in(place, "M"), place->options, &lock));
  heard.path = leaselock_path(lock);
  CHECK_OK(leaselock_lock(lock));
  CHECK_OK(leaselock_refresh(lock));
  CHECK_OK(leaselock_unlock(lock));
  CHECK(heard.count == 5);
  CHECK(memcmp(heard.kinds, expected, sizeof expected) == 0);
  leaselock_free(&lock);
}

static void a_callback_can_be_taken_away(struct place* place) {
  struct heard heard = {{0}, 0, NULL, 0, 0};
  leaselock_t* lock = NULL;
  CHECK_OK(leaselock_options_set_on_event(place->options, hear, &heard));
  CHECK_OK(leaselock_options_set_on_trace(place->options, hear_trace, &heard));
  CHECK_OK(leaselock_options_set_on_event(place->options, NULL, NULL));
  CHECK_OK(leaselock_options_set_on_trace(place->options, NULL, NULL));
  CHECK_OK(leaselock_options_set_on_wait(place->options, NULL, NULL));
  CHECK_OK(leaselock_new(place->lock, place->options, &lock));
  CHECK_OK(leaselock_lock(lock));
  CHECK(heard.count == 0 && heard.traces == 0);
  leaselock_free(&lock);
}

static void counters_count(struct place* place) {
  leaselock_counters_t* counters = NULL;
  leaselock_t* lock = NULL;
  char* text = NULL;
  CHECK_OK(leaselock_counters_new(&counters));
  CHECK_OK(leaselock_options_set_counters(place->options, counters));
  CHECK_OK(leaselock_new(place->lock, place->options, &lock));
  CHECK_OK(leaselock_lock(lock));
  CHECK_OK(leaselock_refresh(lock));
  CHECK_OK(leaselock_refresh(lock));
  CHECK_OK(leaselock_unlock(lock));
  CHECK(leaselock_counters_value(counters, LEASELOCK_COUNT_ACQUISITIONS) == 1);
  CHECK(leaselock_counters_value(counters, LEASELOCK_COUNT_REFRESHES) == 2);
  CHECK(leaselock_counters_value(counters, LEASELOCK_COUNT_RELEASES) == 1);
  CHECK(leaselock_counters_value(counters, LEASELOCK_COUNT_LOSSES) == 0);
  CHECK(leaselock_counters_value(counters, LEASELOCK_COUNT_REQUESTS) > 5);
  CHECK(leaselock_counters_value(counters, 15) == 0 && leaselock_counters_value(counters, -1) == 0);
  CHECK_OK(leaselock_counters_prometheus(counters, "lock", "a\"b", &text));
  CHECK_PART(text, "leaselock_refreshes_total{lock=\"a\\\"b\"} 2\n");
  leaselock_text_free(&text);
  CHECK(text == NULL);
  CHECK_OK(leaselock_counters_prometheus(counters, NULL, NULL, &text));
  CHECK_PART(text, "leaselock_refreshes_total 2\n");
  leaselock_text_free(&text);
  CHECK_CODE(leaselock_counters_prometheus(counters, "lock", NULL, &text), LEASELOCK_ERR_MISUSE);
  leaselock_counters_free(&counters);
  leaselock_free(&lock);
}

const struct test event_tests[] = {
    TEST(what_becomes_of_a_lock_is_told), TEST(a_callback_can_be_taken_away), TEST(counters_count), {NULL, NULL}};
