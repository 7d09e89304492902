#pragma once

#include <boost/filesystem/path.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "leaselock/error.hpp"
#include "leaselock/export.hpp"
#include "leaselock/holder.hpp"
#include "leaselock/lease_time.hpp"
#include "leaselock/options.hpp"

namespace leaselock {

namespace protocol {
struct Purpose;
}

/// Passed to unlock() and refresh(): not holding the lock is then no error.
struct Unconditionally {};
inline constexpr Unconditionally unconditionally{};

/// A lock on a path, shared by processes on any host that mount the same directory.
///
/// A holder owns the lock for a lifetime and must refresh() it to keep it longer. When the lease runs out others may
/// take the lock while the former holder still runs: no lock file can stop code, it can only tell it. Ask may_act()
/// before doing harm, and let the protected resource check fencing_token() (docs/guarantees.md).
///
/// Meets the standard Lockable and TimedLockable requirements, so std::scoped_lock and std::unique_lock work. One
/// thing to know: unlock() throws when the lease was lost, and a destructor that throws ends the program. Where that
/// is not wanted use leaselock::Guard (guard.hpp), whose destructor never throws.
///
/// Construction does no I/O. Destruction releases a held lock as best it can, removes the claim and never throws.
///
/// Blocking: every function marked "I/O" makes a bounded number of file-system calls (docs/protocol.md section 13),
/// each of which may block for minutes on a hard NFS mount and cannot be cancelled. lock() also sleeps in between.
/// Thread safety: distinct objects are independent; two on one path exclude each other like two processes. A single
/// object must not be used by two threads at once, except may_act(), remaining() and fencing_token(), which are safe
/// at any time from any thread.
/// Fork: the child's copy holds nothing and can not touch what the parent holds.
/// Errors: each function that can fail has two forms with one body. The form with std::error_code& reports, the other
/// throws LockError or the derived class that error.hpp names for the code. Operating-system errors are passed on.
class LEASELOCK_API Lock {
 public:
  /// lockfile: the path all contenders agreed on; its directory must exist. It is opened at the first I/O and kept, so
  /// a relative path is taken from the working directory of that moment, and a directory that is renamed takes its
  /// locks along; one that was removed is looked up anew by the next lock().
  /// Throws: LockError (Errc::invalid_options).
  explicit Lock(boost::filesystem::path lockfile, LockOptions options = {});
  ~Lock();
  Lock(Lock&& other) noexcept;
  Lock& operator=(Lock&& other) noexcept;

  /// Waits until the lock is ours. I/O. protocol.md 5.2 (fenced), 6.4 (compat).
  /// The timeout is options().timeout unless one is given; zero makes one full attempt, which breaks a lease that has
  /// run out. When it returns at least a quarter of the lifetime is left.
  /// Errors: Errc::already_locked, Errc::timed_out, Errc::cancelled, Errc::different_purpose,
  /// Errc::hard_links_unsupported, Errc::fast_path_unavailable, Errc::not_a_lock_file, Errc::fence_untrusted,
  /// Errc::fence_damaged, Errc::name_too_long, Errc::lifetime_too_short; ENOENT, EACCES, EROFS, ENOSPC, ... from the
  /// operating system. After an error nothing is held; a request whose outcome stayed unknown
  /// ends by itself with its lease.
  void lock();
  void lock(std::error_code& error);
  void lock(Duration timeout);
  void lock(Duration timeout, std::error_code& error);

  /// One full attempt. Returns false when somebody else holds the lock; other failures as for lock(). I/O.
  bool try_lock();
  bool try_lock(std::error_code& error);
  template <class Rep, class Period>
  bool try_lock_for(const std::chrono::duration<Rep, Period>& timeout) {
    return try_lock_within(std::chrono::ceil<Duration>(timeout));
  }
  template <class Clock, class Length>
  bool try_lock_until(const std::chrono::time_point<Clock, Length>& deadline) {
    return try_lock_within(std::chrono::ceil<Duration>(deadline - Clock::now()));
  }

  /// Gives the lock back. I/O. protocol.md 5.5, 6.2.
  /// Errors: Errc::not_locked; Errc::lease_lost when somebody may have owned the lock before we gave it back: what was
  /// done meanwhile was not protected; an operating-system error when it could not be given back, and then it ends by
  /// itself when the lease does. In every case this object holds nothing afterwards.
  void unlock();
  void unlock(std::error_code& error);
  /// The same, but not holding the lock is no error.
  void unlock(Unconditionally);
  void unlock(Unconditionally, std::error_code& error);

  /// Gives the lock back and removes the fence directory and the claim, so that nothing is left of this lock. For lock
  /// names that will not be used again; a lock that is used for ever is cheaper to unlock(). I/O. protocol.md 3.1.
  /// A hold younger than the grace (2 s on a network file system, 200 ms on a local one) waits until it is that old, so
  /// that the tokens of a later lock of the same name are greater.
  /// Errors: as unlock().
  void destroy();
  void destroy(std::error_code& error);

  /// Extends the lease to a full lifetime from now; with an argument, sets the lifetime first. I/O. protocol.md 5.4.
  /// A lease is never shortened by this. Success proves that the lock was ours without a gap.
  /// Errors: Errc::not_locked, Errc::lease_lost (stop the work), Errc::mirror_lost (ours still, but flufl.lock
  /// processes are not excluded); an operating-system error means unknown: the old lease still counts, try again.
  void refresh();
  void refresh(std::error_code& error);
  void refresh(Duration lifetime);
  void refresh(Duration lifetime, std::error_code& error);
  /// The same, but not holding the lock is no error and does nothing.
  void refresh(Unconditionally);
  void refresh(Unconditionally, std::error_code& error);

  /// True while the lease is certainly ours: now < our deadline, on a clock that counts suspend. No I/O, any thread.
  bool may_act() const noexcept;
  /// How long may_act() will stay true unless refreshed; zero when it is false. No I/O, any thread.
  Duration remaining() const noexcept;
  /// The token of the present hold. Empty when nothing is held, and always in compat mode. No I/O, any thread.
  std::optional<FencingToken> fencing_token() const noexcept;
  /// How the hold before ours ended, as found by the last lock(). No I/O.
  Predecessor predecessor() const;

  /// Looks whether this object holds the lock. I/O; never extends the lease.
  bool is_locked();
  bool is_locked(std::error_code& error);
  /// Looks what state the lock is in. I/O; never extends anybody's lease.
  LockState state();
  LockState state(std::error_code& error);
  /// Who holds the lock. I/O. Errors: Errc::not_locked when nobody does.
  Details details();
  Details details(std::error_code& error);
  /// When the present holder's lease ends, as flufl.lock reads it. I/O. Errors: Errc::not_locked when nobody does.
  WallTime expiration();
  WallTime expiration(std::error_code& error);

  const boost::filesystem::path& lockfile() const noexcept;
  /// Path of this object's claim file; empty before the first lock() and in fenced mode without the mirror.
  boost::filesystem::path claimfile() const;
  /// This machine's name, as it is written into claims.
  const std::string& hostname() const noexcept;
  const LockOptions& options() const noexcept;
  Duration lifetime() const noexcept;
  /// Acts at the next lock() or refresh(). Throws: LockError (Errc::invalid_options).
  void set_lifetime(Duration lifetime);
  const std::vector<int>& retry_errnos() const noexcept;
  void set_retry_errnos(std::vector<int> errnos);

 private:
  friend class Semaphore;
  friend class SharedLock;
  Lock(boost::filesystem::path lockfile, LockOptions options, const protocol::Purpose& purpose);
  bool try_lock_within(Duration timeout);

  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace leaselock
