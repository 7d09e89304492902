#pragma once

#include <boost/filesystem/path.hpp>
#include <string>
#include <system_error>

#include "leaselock/export.hpp"

namespace leaselock {

/// What went wrong where the operating system has no word for it. Errors of the operating system are passed on
/// unchanged, in std::system_category(). Each comment says what the caller should do.
enum class Errc {
  /// Somebody else held the lock for the whole timeout. Wait longer, or look at `leaselock status`.
  timed_out = 1,
  /// This object holds the lock already. Unlock it first, or use a second Lock object.
  already_locked,
  /// This object does not hold the lock. Nothing was changed.
  not_locked,
  /// The lease ran out and somebody else may have taken the lock. Stop the protected work; check the fencing token.
  lease_lost,
  /// The file system has no hard links, or forbids them here. Use a lock without the mirror, or another directory.
  hard_links_unsupported,
  /// Something that is no lock file is at the lock path. It was not touched: move it, or choose another path.
  not_a_lock_file,
  /// The fence directory belongs to somebody else or is writable by everybody. See LockOptions::permissions and
  /// trust.
  fence_untrusted,
  /// The fence directory holds something that is not part of the protocol. Look at it with `leaselock status`.
  fence_damaged,
  /// The names this lock would need are longer than the file system allows. Choose a shorter lock name.
  name_too_long,
  /// The lifetime is shorter than this file system's clock can judge, or than its round trips need. Raise it.
  lifetime_too_short,
  /// The options contradict one another or hold a value out of range.
  invalid_options,
  /// The lock is still ours, but the lock file that flufl.lock processes look at was taken away and could not be
  /// put back: those processes are not excluded any more.
  mirror_lost,
  /// The lease may still be alive, so the lock was not broken. Wait until it ends, or force it.
  still_alive,
  /// LockOptions::stop asked lock() to give up. Nothing is held.
  cancelled,
  /// FastPath::required was asked for on a file system that other machines may share, or which has no such locks.
  fast_path_unavailable,
  /// The path is used for something else: by another of Lock, Semaphore and SharedLock, or by a Semaphore with another
  /// number of slots. Nothing was changed. Choose another path, or see Semaphore::resize().
  different_purpose,
};

LEASELOCK_API const std::error_category& lock_category() noexcept;
LEASELOCK_API std::error_code make_error_code(Errc code) noexcept;

/// Base of every exception this library throws. what() names the lock path, the holder where it is known, and what
/// to do next; code() is the same value that the std::error_code& form of the function reports.
class LEASELOCK_API LockError : public std::system_error {
 public:
  LockError(std::error_code code, boost::filesystem::path lockfile, const std::string& explanation);
  const boost::filesystem::path& lockfile() const noexcept { return lockfile_; }
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
  boost::filesystem::path lockfile_;
};

/// Errc::already_locked.
class LEASELOCK_API AlreadyLockedError : public LockError {
  using LockError::LockError;
};
/// Errc::not_locked or Errc::lease_lost; code() tells which.
class LEASELOCK_API NotLockedError : public LockError {
  using LockError::LockError;
};
/// Errc::timed_out.
class LEASELOCK_API TimeOutError : public LockError {
  using LockError::LockError;
};

}  // namespace leaselock

template <>
struct std::is_error_code_enum<leaselock::Errc> : std::true_type {};
