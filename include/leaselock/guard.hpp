#pragma once

#include <system_error>

#include "leaselock/lock.hpp"

namespace leaselock {

/// Holds a Lock for a scope, like std::lock_guard, and survives a lost lease: the destructor never throws. Ask
/// may_act() before doing harm, and release() at the end where it matters whether the lease lasted.
/// The Lock must outlive the Guard. Thread safety: as Lock.
class Guard {
 public:
  /// Waits as lock() does. Throws: what Lock::lock() throws.
  explicit Guard(Lock& lock) : lock_(&lock) { lock.lock(); }
  /// Unlocks as best it can; a lost lease or an error is then not reported. release() reports it.
  ~Guard() {
    std::error_code ignored;
    if (lock_ != nullptr) lock_->unlock(unconditionally, ignored);
  }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

  bool may_act() const noexcept { return lock_ != nullptr && lock_->may_act(); }

  /// Unlocks now. Throws: NotLockedError (Errc::lease_lost) when the lease did not last, LockError otherwise.
  void release() {
    Lock& lock = *lock_;
    lock_ = nullptr;
    lock.unlock();
  }
  void release(std::error_code& error) {
    Lock& lock = *lock_;
    lock_ = nullptr;
    lock.unlock(error);
  }

 private:
  Lock* lock_;
};

}  // namespace leaselock
