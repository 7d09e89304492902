#pragma once

#include <leaselock.h>
#include <stddef.h>
#include <stdint.h>

/* What the tests of the C interface are written with. They are in C, so that a C compiler and a C linker judge it. */

/* A place of its own for each test. */
struct place {
  char directory[256];
  char lock[300];               /* a path in it, at which nothing is */
  leaselock_options_t* options; /* for a local disk, whatever the directory is on */
};

struct test {
  const char* name;
  void (*run)(struct place* place);
};
#define TEST(function) \
  { #function, function }

/* Ends the program with a line that says what and where, unless it is so. */
void check_that(int fine, const char* what, const char* file, int line);
void check_code(int code, int expected, const char* what, const char* file, int line);
void check_text(const char* text, const char* expected, const char* file, int line);
void check_part(const char* text, const char* part, const char* file, int line);
#define CHECK(condition) check_that((condition) ? 1 : 0, #condition, __FILE__, __LINE__)
#define CHECK_OK(call) check_code((call), LEASELOCK_OK, #call, __FILE__, __LINE__)
#define CHECK_CODE(call, code) check_code((call), (code), #call, __FILE__, __LINE__)
#define CHECK_TEXT(text, expected) check_text((text), (expected), __FILE__, __LINE__)
#define CHECK_PART(text, part) check_part((text), (part), __FILE__, __LINE__)

/* Lets a moment go by; for loops that wait until something is so. */
void pause_a_little(void);

/* A path in the place's directory; valid until the next call. */
const char* path_in(const struct place* place, const char* name);
int exists(const char* path);
