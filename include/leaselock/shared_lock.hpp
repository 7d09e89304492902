#pragma once

#include <boost/filesystem/path.hpp>
#include <chrono>
#include <optional>
#include <system_error>

#include "leaselock/export.hpp"
#include "leaselock/lock.hpp"

namespace leaselock {

/// Many readers or one writer, on any hosts that mount the path's directory. Each holder has a lease and a fencing
/// token; a writer's is greater than those of all readers and writers before it (protocol.md section 9.2).
///
/// Has the shape of std::shared_timed_mutex, so std::unique_lock and std::shared_lock work; but one object is one
/// holder, of one kind at a time. Each reader needs an object of its own.
/// Readers and writers are served in order of arrival: a writer that waits lets no new reader pass, and gets the lock
/// when the readers before it are gone; a reader waits for the writers before it only.
///
/// A path is used either with SharedLock or with another class; mixing them is Errc::different_purpose. LockOptions
/// apply as to Lock, but for the mirror, which does not exist here. The mode must be Mode::fenced.
///
/// Everything else is as for Lock: what a lease is, errors, blocking, thread safety, fork. KeepAlive, hold() and
/// hold_shared() take a SharedLock.
class LEASELOCK_API SharedLock {
 public:
  /// Does no I/O. Throws: LockError (Errc::invalid_options), also for Mode::compat.
  explicit SharedLock(boost::filesystem::path lockfile, LockOptions options = {});
  ~SharedLock();
  SharedLock(SharedLock&& other) noexcept;
  SharedLock& operator=(SharedLock&& other) noexcept;

  /// For a writer: alone. I/O. Errors: as Lock::lock(), and Errc::different_purpose.
  void lock();
  void lock(std::error_code& error);
  void lock(Duration timeout);
  void lock(Duration timeout, std::error_code& error);
  bool try_lock();
  bool try_lock(std::error_code& error);
  template <class Rep, class Period>
  bool try_lock_for(const std::chrono::duration<Rep, Period>& timeout) {
    return lock_.try_lock_for(timeout);
  }
  template <class Clock, class Length>
  bool try_lock_until(const std::chrono::time_point<Clock, Length>& deadline) {
    return lock_.try_lock_until(deadline);
  }
  /// Errors: as Lock::unlock(); Errc::not_locked also when it is held shared, which then stays as it is.
  void unlock();
  void unlock(std::error_code& error);

  /// For a reader: beside other readers. I/O. Errors: as lock().
  void lock_shared();
  void lock_shared(std::error_code& error);
  void lock_shared(Duration timeout);
  void lock_shared(Duration timeout, std::error_code& error);
  bool try_lock_shared();
  bool try_lock_shared(std::error_code& error);
  template <class Rep, class Period>
  bool try_lock_shared_for(const std::chrono::duration<Rep, Period>& timeout) {
    return try_lock_shared_within(std::chrono::ceil<Duration>(timeout));
  }
  template <class Clock, class Length>
  bool try_lock_shared_until(const std::chrono::time_point<Clock, Length>& deadline) {
    return try_lock_shared_within(std::chrono::ceil<Duration>(deadline - Clock::now()));
  }
  /// Errors: as Lock::unlock(); Errc::not_locked also when it is held exclusively, which then stays as it is.
  void unlock_shared();
  void unlock_shared(std::error_code& error);

  /// From reader to writer without letting anybody write in between. One attempt that never waits for others, because
  /// two readers that wait for each other would wait for ever: false, and still a reader, while there is another
  /// reader, or a writer waits. Then unlock_shared() and lock(), and read again. I/O.
  /// The fencing token becomes a new one.
  /// Errors: Errc::not_locked when it is not held shared; Errc::lease_lost, and nothing is held then.
  bool try_upgrade();
  bool try_upgrade(std::error_code& error);
  /// From writer to reader, without letting anybody write in between. Keeps the fencing token. I/O.
  /// Errors: Errc::not_locked when it is not held exclusively; Errc::lease_lost, and nothing is held then; from the
  /// operating system, and nothing is held then.
  void downgrade();
  void downgrade(std::error_code& error);

  /// As the functions of Lock, for either kind of hold. But a reader's lease never becomes longer than the one that it
  /// took, whose length stands in its name: refresh(lifetime) can only make it shorter, and lifetime() tells it.
  /// After a reader's refresh that the system answered with an error its lease ends at the latest when that one would
  /// have let it; then EAGAIN says that it cannot be extended (protocol.md 9.2).
  void refresh();
  void refresh(std::error_code& error);
  void refresh(Duration lifetime);
  void refresh(Duration lifetime, std::error_code& error);
  bool may_act() const noexcept;
  Duration remaining() const noexcept;
  std::optional<FencingToken> fencing_token() const noexcept;
  /// How the writer before us ended, as found by the last lock() or lock_shared(). No I/O.
  Predecessor predecessor() const;

  /// What this object holds, whether its lease runs or not. No I/O, any thread.
  bool holds_shared() const noexcept;
  bool holds_exclusive() const noexcept;

  /// Who holds it and who waits, as inspect() tells. I/O; never extends a lease.
  LockStatus status();
  LockStatus status(std::error_code& error);

  const boost::filesystem::path& lockfile() const noexcept;
  const LockOptions& options() const noexcept;
  Duration lifetime() const noexcept;

 private:
  friend class KeepAlive;
  bool try_lock_shared_within(Duration timeout);

  Lock lock_;
};

}  // namespace leaselock
