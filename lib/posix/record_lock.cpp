#include "posix/record_lock.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>

#include <cerrno>
#include <cstddef>
#include <span>

#include "posix/retry.hpp"
#include "posix/wait_readable.hpp"

namespace leaselock::posix {

namespace {

constexpr std::size_t stack_size = std::size_t{256} * 1024;

/// Returns an errno value.
int set_lock(int file, int command, short type) {
  struct flock whole {};
  whole.l_type = type;
  whole.l_whence = SEEK_SET;
  return retry([&] { return ::fcntl(file, command, &whole); }) == 0 ? 0 : errno;
}

}  // namespace

RecordLock::~RecordLock() {
  if (is_inherited()) return;
  if (state_ == State::queued) {
    // The C library's own way to end a blocking call of one thread; the program's signal handlers have no part in it.
    ::pthread_cancel(thread_);
    join();
  }
  // Not left to close(): a forked child may have the description open. And not only where we know of the lock: it may
  // have been granted just before the thread was ended.
  if (state_ != State::fresh) set_lock(file_.get(), F_OFD_SETLK, F_UNLCK);
}

int RecordLock::wait(LeaseTime until) {
  if (state_ == State::fresh) {
    if (const int error = begin(); error != 0) return error;
  }
  if (state_ == State::queued) {
    pollfd on{settled_.get(), POLLIN, 0};
    if (!wait_readable(std::span(&on, 1), until)) return ETIMEDOUT;
    join();
  }
  return outcome_;
}

int RecordLock::begin() {
  const int error = set_lock(file_.get(), F_OFD_SETLK, F_WRLCK);
  if (error == EAGAIN || error == EACCES) return start_thread();
  if (error == 0) state_ = State::settled;
  return error;
}

int RecordLock::start_thread() {
  settled_ = FileHandle(::eventfd(0, EFD_CLOEXEC));
  if (!settled_.valid()) return errno;
  pthread_attr_t attributes;
  if (const int error = ::pthread_attr_init(&attributes); error != 0) return error;
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_attr_setstacksize(&attributes, stack_size);
  ::pthread_attr_setsigmask_np(&attributes, &all);
  const int error = ::pthread_create(&thread_, &attributes, &stand_in_queue, this);
  ::pthread_attr_destroy(&attributes);
  if (error == 0) state_ = State::queued;
  return error;
}

void* RecordLock::stand_in_queue(void* self) {
  auto& lock = *static_cast<RecordLock*>(self);
  // The only call in which the thread can be ended from outside; there is nothing to clean up here when it is.
  lock.outcome_ = set_lock(lock.file_.get(), F_OFD_SETLKW, F_WRLCK);
  ::pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr);
  ::eventfd_write(lock.settled_.get(), 1);
  return nullptr;
}

void RecordLock::join() {
  ::pthread_join(thread_, nullptr);
  state_ = State::settled;
}

}  // namespace leaselock::posix
