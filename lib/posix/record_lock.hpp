#pragma once

#include <pthread.h>

#include <cstdint>

#include "leaselock/lease_time.hpp"
#include "posix/file_handle.hpp"
#include "posix/fork_generation.hpp"

namespace leaselock::posix {

/// An exclusive open file description lock on a whole file (fcntl(2), F_OFD_SETLK), waited for with a deadline.
///
/// The kernel can wait for such a lock in order of arrival, but not until a certain time, and a signal that ended its
/// wait would meet the program's own handlers. So a thread of our own does the waiting, and stays in the kernel's queue
/// between two calls of wait(). It receives no signals and ends before the object does.
///
/// In a forked child the copy only closes its descriptors: the lock belongs to the open file description, which the
/// parent shares, and the thread exists in the parent only.
class RecordLock {
 public:
  /// Takes over a descriptor that was opened for this purpose and allows writing.
  explicit RecordLock(FileHandle file) : file_(std::move(file)) {}
  /// Gives the lock, or the place in the queue, back at once, even if a forked child keeps the descriptor open.
  ~RecordLock();
  RecordLock(const RecordLock&) = delete;
  RecordLock& operator=(const RecordLock&) = delete;

  /// 0 when the lock is ours; ETIMEDOUT when it was not by `until`, and the place in the queue is kept; otherwise why
  /// there is no lock and no place.
  int wait(LeaseTime until);

  int file() const { return file_.get(); }
  bool is_inherited() const { return generation_ != fork_generation(); }

 private:
  enum class State : std::uint8_t { fresh, queued, settled };

  int begin();
  int start_thread();
  static void* stand_in_queue(void* self);
  void join();

  FileHandle file_;
  FileHandle settled_;  ///< an event that the thread raises last
  pthread_t thread_{};  ///< exists while queued
  State state_ = State::fresh;
  int outcome_ = 0;
  std::uint64_t generation_ = fork_generation();
};

}  // namespace leaselock::posix
