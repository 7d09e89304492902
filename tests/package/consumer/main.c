#define _XOPEN_SOURCE 700 /* mkdtemp */

#include <leaselock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a first user writes in C, in a directory of its own. */
int main(void) {
  char directory[] = "/tmp/leaselock-consumer-XXXXXX";
  char path[sizeof directory + 16];
  leaselock_t* lock = NULL;
  int error = mkdtemp(directory) == NULL;
  strcpy(path, directory);
  strcat(path, "/job.lock");
  if (!error) error = leaselock_new(path, NULL, &lock);
  if (!error) error = leaselock_lock(lock);
  if (!error && !leaselock_may_act(lock)) error = 1;
  if (!error) error = leaselock_unlock_and_destroy(lock);
  if (error) fprintf(stderr, "%s\n", leaselock_last_error());
  leaselock_free(&lock);
  return remove(directory) == 0 && !error ? 0 : 1;
}
