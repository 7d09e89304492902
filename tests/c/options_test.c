#define _XOPEN_SOURCE 700
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "check.h"

/* What becomes of making a lock with these options, and of taking it. */
static int taking(struct place* place) {
  leaselock_t* lock = NULL;
  int code = leaselock_new(place->lock, place->options, &lock);
  if (code == LEASELOCK_OK) code = leaselock_lock(lock);
  leaselock_free(&lock);
  return code;
}

static void values_out_of_range_are_refused_when_a_lock_is_made(struct place* place) {
  leaselock_options_t* o = place->options;
  CHECK_OK(leaselock_options_set_lifetime(o, 0));
  CHECK_CODE(taking(place), LEASELOCK_ERR_INVALID_OPTIONS);
  CHECK_OK(leaselock_options_set_lifetime(o, INT64_MAX));
  CHECK_CODE(taking(place), LEASELOCK_ERR_INVALID_OPTIONS);
  CHECK_PART(leaselock_last_error(), "ten years");
  CHECK_OK(leaselock_options_set_lifetime(o, 15 * LEASELOCK_SECOND));
  CHECK_OK(leaselock_options_set_drift_ppm(o, INT64_MIN));
  CHECK_CODE(taking(place), LEASELOCK_ERR_INVALID_OPTIONS);
  CHECK_OK(leaselock_options_set_drift_ppm(o, 500));
  CHECK_OK(leaselock_options_set_separator(o, "a"));
  CHECK_CODE(taking(place), LEASELOCK_ERR_INVALID_OPTIONS);
  CHECK_OK(leaselock_options_set_separator(o, "#"));
  CHECK_OK(leaselock_options_set_grace(o, -1));
  CHECK_CODE(taking(place), LEASELOCK_ERR_INVALID_OPTIONS);
  CHECK_OK(leaselock_options_set_grace(o, 200 * LEASELOCK_MILLISECOND));
  CHECK_OK(taking(place));
}

static void numbers_that_are_no_enumerators_are_misuse(struct place* place) {
  leaselock_options_t* o = place->options;
  CHECK_CODE(leaselock_options_set_mode(o, 2), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_options_set_mode(o, -1), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_options_set_trust(o, 2), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_options_set_fast_path(o, 3), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_options_set_permissions(o, 010000), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_options_set_retry_errnos(o, NULL, 1), LEASELOCK_ERR_MISUSE);
  CHECK_CODE(leaselock_options_set_separator(o, NULL), LEASELOCK_ERR_MISUSE);
  CHECK_OK(taking(place));
}

static void each_of_them_acts(struct place* place) {
  leaselock_options_t* o = place->options;
  leaselock_t* lock = NULL;
  struct stat status;
  CHECK_OK(leaselock_options_set_mirror(o, 0));
  CHECK_OK(leaselock_options_set_fair(o, 0));
  CHECK_OK(leaselock_options_set_break_dead(o, 0));
  CHECK_OK(leaselock_options_set_fast_path(o, LEASELOCK_FAST_PATH_OFF));
  CHECK_OK(leaselock_options_set_trust(o, LEASELOCK_TRUST_ANYONE));
  CHECK_OK(leaselock_options_set_trust_server_clock(o, 0));
  CHECK_OK(leaselock_options_set_timeout(o, 0));
  CHECK_OK(leaselock_options_set_separator(o, "#"));
  CHECK_OK(leaselock_options_set_permissions(o, 0600));
  CHECK_OK(leaselock_new(place->lock, o, &lock));
  CHECK_OK(leaselock_lock(lock));
  CHECK(!exists(place->lock)); /* no mirror */
  CHECK(stat(path_in(place, "L#fence"), &status) == 0);
  CHECK((status.st_mode & 077) == 0);
  CHECK_CODE(taking(place), LEASELOCK_ERR_TIMED_OUT); /* at once */
  leaselock_free(&lock);
  CHECK_OK(leaselock_options_set_permissions(o, LEASELOCK_NONE));
  CHECK_OK(leaselock_options_set_timeout(o, LEASELOCK_FOREVER));
  CHECK_OK(taking(place));
}

static void the_compat_mode_has_no_tokens(struct place* place) {
  leaselock_t* lock = NULL;
  leaselock_shared_t* shared = NULL;
  CHECK_OK(leaselock_options_set_mode(place->options, LEASELOCK_MODE_COMPAT));
  CHECK_OK(leaselock_new(place->lock, place->options, &lock));
  CHECK_OK(leaselock_lock(lock));
  CHECK(leaselock_may_act(lock) && leaselock_fencing_token(lock) == 0);
  leaselock_free(&lock);
  CHECK_CODE(leaselock_shared_new(place->lock, place->options, &shared), LEASELOCK_ERR_INVALID_OPTIONS);
}

static void count_the_waits(void* user, const leaselock_waiting_t* waiting) {
  (void)waiting;
  ++*(int*)user;
}

static void passing_faults_are_tried_again(struct place* place) {
  const int errnos[] = {ENOENT};
  int waits = 0;
  leaselock_t* lock = NULL;
  CHECK_OK(leaselock_options_set_on_wait(place->options, count_the_waits, &waits));
  CHECK_OK(leaselock_options_set_retry_errnos(place->options, errnos, 1));
  CHECK_OK(leaselock_new(path_in(place, "nowhere/L"), place->options, &lock));
  CHECK_CODE(leaselock_lock_for(lock, 20 * LEASELOCK_MILLISECOND), -ENOENT);
  CHECK(waits > 0);
  waits = 0;
  leaselock_free(&lock);
  CHECK_OK(leaselock_options_set_retry_errnos(place->options, NULL, 0));
  CHECK_OK(leaselock_new(path_in(place, "nowhere/L"), place->options, &lock));
  CHECK_CODE(leaselock_lock_for(lock, 20 * LEASELOCK_MILLISECOND), -ENOENT);
  CHECK(waits == 0);
  leaselock_free(&lock);
}

static void locks_keep_a_copy(struct place* place) {
  leaselock_options_t* options = NULL;
  leaselock_stop_t* stop = NULL;
  leaselock_t* lock = NULL;
  CHECK_OK(leaselock_options_new(&options));
  CHECK_OK(leaselock_stop_new(&stop));
  CHECK_OK(leaselock_options_set_stop(options, stop));
  CHECK_OK(leaselock_options_set_lifetime(options, 33 * LEASELOCK_SECOND));
  CHECK_OK(leaselock_new(place->lock, options, &lock));
  leaselock_options_free(&options);
  CHECK(options == NULL);
  CHECK_OK(leaselock_stop_request(stop));
  leaselock_stop_free(&stop);
  CHECK(leaselock_lifetime(lock) == 33 * LEASELOCK_SECOND);
  CHECK_CODE(leaselock_lock(lock), LEASELOCK_ERR_CANCELLED);
  leaselock_free(&lock);
}

const struct test options_tests[] = {TEST(values_out_of_range_are_refused_when_a_lock_is_made),
                                     TEST(numbers_that_are_no_enumerators_are_misuse),
                                     TEST(each_of_them_acts),
                                     TEST(the_compat_mode_has_no_tokens),
                                     TEST(passing_faults_are_tried_again),
                                     TEST(locks_keep_a_copy),
                                     {NULL, NULL}};
