#define _XOPEN_SOURCE 700
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

extern const struct test error_tests[], event_tests[], fork_tests[], keep_alive_tests[], lock_tests[],
    maintenance_tests[], misuse_tests[], options_tests[], semaphore_tests[], shared_lock_tests[], status_tests[],
    threads_tests[];

static const struct {
  const char* name;
  const struct test* tests;
} groups[] = {
    {"error", error_tests},         {"event", event_tests},
    {"fork", fork_tests},           {"keep_alive", keep_alive_tests},
    {"lock", lock_tests},           {"maintenance", maintenance_tests},
    {"misuse", misuse_tests},       {"options", options_tests},
    {"semaphore", semaphore_tests}, {"shared_lock", shared_lock_tests},
    {"status", status_tests},       {"threads", threads_tests},
};

static char directory_to_remove[256];

static int remove_one(const char* path, const struct stat* status, int kind, struct FTW* where) {
  (void)status;
  (void)kind;
  (void)where;
  return remove(path);
}

static void remove_directory(void) {
  if (directory_to_remove[0] != '\0') nftw(directory_to_remove, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  directory_to_remove[0] = '\0';
}

static void run(const struct test* test) {
  struct place place;
  const char* above = getenv("TMPDIR");
  snprintf(place.directory, sizeof place.directory, "%s/leaselock-c-XXXXXX", above == NULL ? "/tmp" : above);
  CHECK(mkdtemp(place.directory) != NULL);
  memcpy(directory_to_remove, place.directory, sizeof place.directory);
  snprintf(place.lock, sizeof place.lock, "%s/L", place.directory);
  CHECK_OK(leaselock_options_new(&place.options));
  CHECK_OK(leaselock_options_set_stamp_error(place.options, 20 * LEASELOCK_MILLISECOND));
  CHECK_OK(leaselock_options_set_grace(place.options, 200 * LEASELOCK_MILLISECOND));
  printf("%s\n", test->name);
  fflush(stdout);
  test->run(&place);
  leaselock_options_free(&place.options);
  remove_directory();
}

/* Usage: c_tests GROUP. Runs the tests of one group; the first that fails ends the program. */
int main(int count, char** words) {
  size_t i;
  atexit(remove_directory);
  for (i = 0; i < sizeof groups / sizeof groups[0]; ++i) {
    const struct test* test;
    if (count != 2 || strcmp(words[1], groups[i].name) != 0) continue;
    for (test = groups[i].tests; test->run != NULL; ++test) run(test);
    return 0;
  }
  fprintf(stderr, "usage: c_tests GROUP\n");
  return 2;
}
