#define _XOPEN_SOURCE 700
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static void fail(const char* file, int line) {
  fprintf(stderr, "%s:%d: last error: %s\n", file, line, leaselock_last_error());
  exit(1);
}

void check_that(int fine, const char* what, const char* file, int line) {
  if (fine) return;
  fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
  fail(file, line);
}

void check_code(int code, int expected, const char* what, const char* file, int line) {
  if (code == expected) return;
  fprintf(stderr, "%s:%d: %s returned %d (%s), not %d (%s)\n", file, line, what, code, leaselock_error_name(code),
          expected, leaselock_error_name(expected));
  fail(file, line);
}

void check_text(const char* text, const char* expected, const char* file, int line) {
  if (text != NULL && strcmp(text, expected) == 0) return;
  fprintf(stderr, "%s:%d: \"%s\" instead of \"%s\"\n", file, line, text == NULL ? "(NULL)" : text, expected);
  fail(file, line);
}

void check_part(const char* text, const char* part, const char* file, int line) {
  if (text != NULL && strstr(text, part) != NULL) return;
  fprintf(stderr, "%s:%d: no \"%s\" in \"%s\"\n", file, line, part, text == NULL ? "(NULL)" : text);
  fail(file, line);
}

void pause_a_little(void) {
  struct timespec moment = {0, 5000000};
  nanosleep(&moment, NULL);
}

const char* path_in(const struct place* place, const char* name) {
  static char path[400];
  snprintf(path, sizeof path, "%s/%s", place->directory, name);
  return path;
}

int exists(const char* path) {
  struct stat status;
  return lstat(path, &status) == 0;
}
