#include <pthread.h>

#include "check.h"

struct waiter {
  leaselock_t* lock;
  pthread_mutex_t mutex;
  int waits;
  int code;
};

static void note_that_it_waits(void* user, const leaselock_waiting_t* waiting) {
  struct waiter* waiter = user;
  (void)waiting;
  pthread_mutex_lock(&waiter->mutex);
  ++waiter->waits;
  pthread_mutex_unlock(&waiter->mutex);
}

static void* wait_for_the_lock(void* user) {
  struct waiter* waiter = user;
  waiter->code = leaselock_lock(waiter->lock);
  return NULL;
}

static int is_waiting(struct waiter* waiter) {
  int waits;
  pthread_mutex_lock(&waiter->mutex);
  waits = waiter->waits;
  pthread_mutex_unlock(&waiter->mutex);
  return waits > 0;
}

static void another_thread_ends_waiting(struct place* place) {
  struct waiter waiter = {NULL, PTHREAD_MUTEX_INITIALIZER, 0, -1};
  leaselock_t* holder = NULL;
  leaselock_stop_t* stop = NULL;
  pthread_t thread;
  CHECK_OK(leaselock_new(place->lock, place->options, &holder));
  CHECK_OK(leaselock_lock(holder));
  CHECK_OK(leaselock_stop_new(&stop));
  CHECK_OK(leaselock_options_set_stop(place->options, stop));
  CHECK_OK(leaselock_options_set_on_wait(place->options, note_that_it_waits, &waiter));
  CHECK_OK(leaselock_new(place->lock, place->options, &waiter.lock));
  CHECK(pthread_create(&thread, NULL, wait_for_the_lock, &waiter) == 0);
  while (!is_waiting(&waiter)) pause_a_little();

  /* What is in use by one thread is refused to another, but for what is said to be safe. */
  CHECK_CODE(leaselock_unlock(waiter.lock), LEASELOCK_ERR_MISUSE);
  CHECK_PART(leaselock_last_error(), "another thread");
  CHECK(!leaselock_may_act(waiter.lock) && leaselock_remaining(waiter.lock) == 0);

  CHECK_OK(leaselock_stop_request(stop));
  CHECK(pthread_join(thread, NULL) == 0);
  CHECK_CODE(waiter.code, LEASELOCK_ERR_CANCELLED);
  CHECK(leaselock_may_act(holder));
  leaselock_stop_free(&stop);
  leaselock_free(&waiter.lock);
  leaselock_free(&holder);
}

struct worker {
  struct place* place;
  int* counter; /* guarded by the lock and by nothing else */
};

static void* add_often(void* user) {
  struct worker* worker = user;
  leaselock_t* lock = NULL;
  int i;
  CHECK_OK(leaselock_new(worker->place->lock, worker->place->options, &lock));
  for (i = 0; i < 20; ++i) {
    CHECK_OK(leaselock_lock(lock));
    ++*worker->counter;
    CHECK_OK(leaselock_unlock(lock));
  }
  leaselock_free(&lock);
  return NULL;
}

static void handles_of_one_path_exclude_each_other(struct place* place) {
  int counter = 0;
  struct worker worker;
  pthread_t threads[3];
  int i;
  worker.place = place;
  worker.counter = &counter;
  for (i = 0; i < 3; ++i) CHECK(pthread_create(&threads[i], NULL, add_often, &worker) == 0);
  for (i = 0; i < 3; ++i) CHECK(pthread_join(threads[i], NULL) == 0);
  CHECK(counter == 60);
}

const struct test threads_tests[] = {
    TEST(another_thread_ends_waiting), TEST(handles_of_one_path_exclude_each_other), {NULL, NULL}};
