#pragma once

#include <boost/filesystem/path.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <system_error>
#include <vector>

#include "leaselock/export.hpp"
#include "leaselock/lock.hpp"

namespace leaselock {

/// One of a semaphore's places, as its holder knows it.
struct Slot {
  std::uint32_t index = 0;  ///< 0 to slots - 1
  FencingToken token = 0;   ///< of this hold; grows with every hold of this slot
  friend bool operator==(const Slot&, const Slot&) = default;
};

/// At most n holders of a path at a time, on any hosts that mount its directory: each has a slot of its own, with a
/// lease and a fencing token. There is no counter: a slot is free, held, or its lease has run out, and a crash frees
/// that slot and no other (protocol.md section 9.1).
///
/// n belongs to the path. It is settled by whoever comes first; a contender with another n gets
/// Errc::different_purpose, and resize() changes it.
///
/// One object is one holder, of one slot or of several that it took together. Waiters are served in order of arrival,
/// and one that wants several is not passed by those who want one.
/// LockOptions apply as to Lock, but for the mirror: a hard link cannot stand for n holders, so none is kept, and
/// flufl.lock processes do not take part. The mode must be Mode::fenced.
///
/// Everything else is as for Lock: what a lease is, errors, blocking, thread safety, fork. KeepAlive and hold() take a
/// Semaphore.
class LEASELOCK_API Semaphore {
 public:
  /// The largest n.
  static constexpr std::uint32_t most_slots = 1024;

  /// Does no I/O. Throws: LockError (Errc::invalid_options), also when slots is 0 or more than most_slots, and
  /// for Mode::compat.
  Semaphore(boost::filesystem::path lockfile, std::uint32_t slots, LockOptions options = {});
  ~Semaphore();
  Semaphore(Semaphore&& other) noexcept;
  Semaphore& operator=(Semaphore&& other) noexcept;

  /// Waits for a slot, or for `count` of them: all or none. I/O. The timeout is options().timeout unless one is given.
  /// While it waits for the last ones those that it has are refreshed, and given back to whoever came earlier.
  /// Errors: as Lock::lock(); Errc::different_purpose; Errc::invalid_options when count is 0, more than slots(), or
  /// more than 1 with LockOptions::fair off, which could wait for ever.
  void acquire(std::uint32_t count = 1);
  void acquire(std::uint32_t count, std::error_code& error);
  void acquire(std::uint32_t count, Duration timeout);
  void acquire(std::uint32_t count, Duration timeout, std::error_code& error);

  /// One full attempt, or attempts until the timeout. False when there are not enough slots. I/O.
  bool try_acquire(std::uint32_t count = 1);
  bool try_acquire(std::uint32_t count, std::error_code& error);
  template <class Rep, class Period>
  bool try_acquire_for(const std::chrono::duration<Rep, Period>& timeout, std::uint32_t count = 1) {
    return try_acquire_within(std::chrono::ceil<Duration>(timeout), count);
  }
  template <class Clock, class Length>
  bool try_acquire_until(const std::chrono::time_point<Clock, Length>& deadline, std::uint32_t count = 1) {
    return try_acquire_within(std::chrono::ceil<Duration>(deadline - Clock::now()), count);
  }

  /// Gives back everything that is held. I/O. Errors: as Lock::unlock(); Errc::lease_lost when that was so for one
  /// slot.
  void release();
  void release(std::error_code& error);
  void release(Unconditionally);
  void release(Unconditionally, std::error_code& error);

  /// Extends the leases of all slots that are held. I/O. Errors: as Lock::refresh(). When one slot was lost the others
  /// are given back, and the error is Errc::lease_lost.
  void refresh();
  void refresh(std::error_code& error);
  void refresh(Duration lifetime);
  void refresh(Duration lifetime, std::error_code& error);

  /// Changes how many slots the path has: waits until it holds all of them, then makes it anew with `slots`. Who holds
  /// one keeps it until it is given back, and nobody new gets one meanwhile. Those who still ask for the old number get
  /// Errc::different_purpose afterwards. Also mends a semaphore of which a slot is missing. I/O. This object must hold
  /// nothing; it may have been made with any number, and has the new one afterwards.
  /// Errors: as acquire(); Errc::already_locked.
  void resize(std::uint32_t slots);
  void resize(std::uint32_t slots, std::optional<Duration> timeout);
  void resize(std::uint32_t slots, std::optional<Duration> timeout, std::error_code& error);

  /// As the functions of Lock; of several slots, for the one whose lease ends first. No I/O, any thread.
  bool may_act() const noexcept;
  Duration remaining() const noexcept;
  /// The token of the first slot that is held. No I/O, any thread.
  std::optional<FencingToken> fencing_token() const noexcept;
  /// What is held, in order of index. No I/O, any thread.
  std::vector<Slot> held() const;
  /// How the hold before ours ended; of several slots, of one that was not given back if there is such a one. No I/O.
  Predecessor predecessor() const;

  /// Who holds the slots and who waits, as inspect() tells. I/O; never extends a lease.
  LockStatus status();
  LockStatus status(std::error_code& error);

  const boost::filesystem::path& lockfile() const noexcept;
  std::uint32_t slots() const noexcept;
  const LockOptions& options() const noexcept;
  Duration lifetime() const noexcept;

 private:
  friend class KeepAlive;
  bool try_acquire_within(Duration timeout, std::uint32_t count);

  Lock lock_;
  std::uint32_t slots_;
};

}  // namespace leaselock
