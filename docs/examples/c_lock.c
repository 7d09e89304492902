/* A lock from C: taken, kept alive while the work runs, and given back, with every error told.
 *
 *   cc -std=c99 c_lock.c $(pkg-config --cflags --libs leaselock) && ./a.out /srv/shared/job.lock */
#include <leaselock.h>
#include <stdio.h>

static void tell(void* user, const leaselock_lease_report_t* report) {
  (void)user;
  fprintf(stderr, "lease %s, %lld ms left\n", leaselock_lease_state_name(leaselock_lease_report_state(report)),
          (long long)(leaselock_lease_report_remaining(report) / LEASELOCK_MILLISECOND));
}

/* Does the work while the lock is kept alive, and gives the lock back. */
static int work(leaselock_t* lock) {
  leaselock_keep_alive_options_t* options = NULL;
  leaselock_keep_alive_t* keep = NULL;
  int error = leaselock_keep_alive_options_new(&options);
  if (!error) error = leaselock_keep_alive_options_set_on_change(options, tell, NULL);
  if (!error) error = leaselock_keep_alive_new(lock, options, &keep);
  leaselock_keep_alive_options_free(&options);
  if (error) return error;

  for (int part = 1; part <= 3 && !leaselock_keep_alive_stop_requested(keep); ++part) {
    if (!leaselock_keep_alive_may_act(keep)) break; /* no I/O: is the lease certainly ours? */
    printf("part %d with token %llu\n", part, (unsigned long long)leaselock_fencing_token(lock));
  }

  error = leaselock_keep_alive_unlock(keep); /* tells when the lease did not last */
  leaselock_keep_alive_free(&keep);
  return error;
}

int main(int count, char** words) {
  leaselock_options_t* options = NULL;
  leaselock_t* lock = NULL;
  int error = count == 2 ? leaselock_options_new(&options) : LEASELOCK_ERR_MISUSE;
  if (!error) error = leaselock_options_set_timeout(options, 60 * LEASELOCK_SECOND);
  if (!error) error = leaselock_new(words[1], options, &lock);
  if (!error) error = leaselock_lock(lock);
  if (!error) error = work(lock);
  if (error) fprintf(stderr, "%s: %s\n", leaselock_error_name(error), leaselock_last_error());
  leaselock_free(&lock);
  leaselock_options_free(&options);
  return error ? 1 : 0;
}
