#pragma once

#include <memory>
#include <stop_token>
#include <system_error>

#include "leaselock/export.hpp"
#include "leaselock/keep_alive_options.hpp"
#include "leaselock/lock.hpp"
#include "leaselock/semaphore.hpp"
#include "leaselock/shared_lock.hpp"

namespace leaselock {

/// Keeps a Lock that is held alive, a Semaphore or a SharedLock, and tells early enough when that fails
/// (docs/keep_alive.md).
///
/// One thread refreshes the lock. It may hang in the kernel for as long as the file server does; so another thread,
/// which does no I/O and waits for nothing that does, judges the lease by a clock that counts suspend, and reports. The
/// lease is measured from before each refresh was sent. Both threads receive no signals.
///
/// Refreshes are sent when half of the time until doubtful is over, at the latest after a third of the lifetime, and
/// earlier by the round trip that was measured. One that fails is repeated soon, with growing pauses of at most a
/// second; an error is no loss, the old deadline counts. Only Errc::lease_lost and Errc::not_locked are an answer. A
/// lease whose end was noticed late, because the process or the machine was stopped, is looked at first.
///
/// From construction until stop() the Lock belongs to the KeepAlive: only may_act(), remaining() and fencing_token() of
/// it may be called. It must outlive the KeepAlive.
///
/// A process that is stopped judges nothing: see guarantees.md for what then protects the resource.
/// Thread safety: all functions from any thread, but unlock() and the destructor from one. on_change is called from the
/// judging thread.
/// Fork: in the child nothing is held or kept alive, the destructor does nothing, and the Lock must not be used again.
class LEASELOCK_API KeepAlive {
 public:
  /// The lock must be held. A hold that is due to be refreshed, because lock() took long, is refreshed here: I/O.
  /// Throws: NotLockedError when it is not held or was lost; LockError, Errc::invalid_options or the system's error
  /// when a thread could not be started. A lock that cannot be kept alive is given back first.
  explicit KeepAlive(Lock& lock, KeepAliveOptions options = {});
  /// All slots that it holds.
  explicit KeepAlive(Semaphore& semaphore, KeepAliveOptions options = {});
  /// As a reader or a writer.
  explicit KeepAlive(SharedLock& lock, KeepAliveOptions options = {});
  /// As stop(); the lock stays held. It waits for a refresh that is under way.
  ~KeepAlive();
  KeepAlive(const KeepAlive&) = delete;
  KeepAlive& operator=(const KeepAlive&) = delete;

  /// Asked to stop when the lease becomes doubtful, or lost (KeepAliveOptions::stop_at), and never before. A stop is
  /// not taken back when the lease is held again. Callbacks on it run in the judging thread: as on_change.
  std::stop_token get_stop_token() const noexcept;

  /// The state as it was last judged.
  LeaseState state() const noexcept;
  /// The state as it was last judged, and what is known now.
  LeaseReport report() const;
  /// False from the end of the lease on, as Lock::may_act(), and when the lease was lost.
  bool may_act() const noexcept;

  /// Ends refreshing; the lease then runs out by itself unless the lock is used again. Waits for a refresh that is
  /// under way, which is as long as the file server takes, and goes on judging meanwhile. Nothing happens at the second
  /// call. Must not be called from on_change or a stop callback.
  void stop();
  /// The same, but waits no longer than this: false when the refresh under way has not come back. Then nothing else is
  /// sent, and stop(), unlock() and the destructor still have to wait for it: who cannot, leaves with std::_Exit().
  bool stop_for(Duration patience);

  /// Ends refreshing and gives the lock back. I/O. Waits as stop() does.
  /// Errors: as Lock::unlock(); Errc::lease_lost also when the lease was judged lost although that could not be proven.
  void unlock();
  void unlock(std::error_code& error);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace leaselock
