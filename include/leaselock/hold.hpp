#pragma once

#include <functional>
#include <stop_token>
#include <system_error>
#include <type_traits>
#include <utility>

#include "leaselock/keep_alive.hpp"

namespace leaselock {

/// What hold() and hold_shared() have in common; `lock` is held.
template <class Held, class Work>
decltype(auto) work_while_kept(Held& lock, Work&& work, KeepAliveOptions options) {
  const auto call = [&work](KeepAlive& keep) -> decltype(auto) {
    if constexpr (std::is_invocable_v<Work, KeepAlive&>) {
      return std::invoke(std::forward<Work>(work), keep);
    } else if constexpr (std::is_invocable_v<Work, std::stop_token>) {
      return std::invoke(std::forward<Work>(work), keep.get_stop_token());
    } else {
      return std::invoke(std::forward<Work>(work));
    }
  };
  KeepAlive keep(lock, std::move(options));
  try {
    if constexpr (std::is_void_v<decltype(call(keep))>) {
      call(keep);
      keep.unlock();
    } else {
      decltype(call(keep)) result = call(keep);
      keep.unlock();
      return result;
    }
  } catch (...) {
    std::error_code not_told;
    keep.unlock(not_told);
    throw;
  }
}

/// Takes the lock, calls the work while a KeepAlive refreshes the lock, and gives it back: nothing can be forgotten.
///
///   const int sum = leaselock::hold(lock, [&](std::stop_token stop) { return add_up(parts, stop); });
///
/// work: called once, in this thread, with a std::stop_token that asks it to end when the lease becomes doubtful; or
/// with the KeepAlive&, of which it must not call stop() or unlock(); or without an argument.
/// Returns: what the work returns.
/// Throws: what Lock::lock() and KeepAlive throw, and the work was not called then; what the work throws, after the
/// lock was given back; NotLockedError (Errc::lease_lost) when the lease was lost during the work, although the work
/// returned, for it was not protected to its end; LockError when the lock could not be given back.
/// Blocking: as Lock::lock(), the work, and KeepAlive::unlock().
template <class Work>
decltype(auto) hold(Lock& lock, Work&& work, KeepAliveOptions options = {}) {
  lock.lock();
  return work_while_kept(lock, std::forward<Work>(work), std::move(options));
}
/// The same as a writer.
template <class Work>
decltype(auto) hold(SharedLock& lock, Work&& work, KeepAliveOptions options = {}) {
  lock.lock();
  return work_while_kept(lock, std::forward<Work>(work), std::move(options));
}
/// The same as a reader.
template <class Work>
decltype(auto) hold_shared(SharedLock& lock, Work&& work, KeepAliveOptions options = {}) {
  lock.lock_shared();
  return work_while_kept(lock, std::forward<Work>(work), std::move(options));
}
/// The same with one slot.
template <class Work>
decltype(auto) hold(Semaphore& semaphore, Work&& work, KeepAliveOptions options = {}) {
  semaphore.acquire();
  return work_while_kept(semaphore, std::forward<Work>(work), std::move(options));
}

}  // namespace leaselock
