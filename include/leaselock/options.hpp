#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "leaselock/counters.hpp"
#include "leaselock/event.hpp"
#include "leaselock/holder.hpp"
#include "leaselock/lease_time.hpp"

namespace leaselock {

/// What decides who owns the lock. All users of one lock path must use the same mode.
enum class Mode {
  /// A file whose name is the lock's whole state decides: strict among leaselock processes, with a fencing token.
  /// The hard link to the lock path is its mirror, for flufl.lock processes and for people (protocol.md section 5).
  fenced,
  /// flufl.lock's files and nothing else; flufl.lock's guarantee with a smaller hole (protocol.md section 6).
  compat,
};

/// Who may have made the fence directory (docs/security.md; protocol.md section 21.2).
enum class Trust {
  /// Us, root, or the owner of the lock's directory; and it must not be writable by everybody.
  owner,
  /// Anybody: for groups that share a directory on purpose.
  anyone,
};

/// Whether waiters on one host stand in line for an open file description lock on `LOCK|gate`, where the kernel wakes
/// them in order of arrival (protocol.md section 7.3). A line in front of the lock, never the lock itself: processes
/// that use it and processes that do not exclude each other.
enum class FastPath {
  /// Where the file system is certainly this kernel's own: ext4, XFS, Btrfs, tmpfs and the like.
  automatic,
  off,
  /// lock() reports Errc::fast_path_unavailable where `automatic` would go without it.
  required,
};

/// What is known while a lock is waited for.
struct Waiting {
  Duration waited{};                  ///< since lock() was called
  std::optional<Duration> remaining;  ///< of the timeout; empty when it waits for ever
  std::optional<Holder> holder;       ///< who held it when we last looked
};

/// How a Lock behaves. Plain values; checked when the Lock is made (Errc::invalid_options).
struct LockOptions {
  Mode mode = Mode::fenced;

  /// How long a hold lasts unless it is refreshed or released. After it, and a grace, others break it.
  /// At least 5 s on a network file system, 100 ms on a local one (Errc::lifetime_too_short); at most ten years.
  /// Effect: long means slow recovery from a crash, short means more requests and less patience with a slow server.
  Duration lifetime = std::chrono::seconds(15);

  /// Timeout of lock() where the call gives none. Empty: wait for ever. Zero: one full attempt.
  std::optional<Duration> timeout;

  /// Fenced mode only: keep the hard link at the lock path, so that flufl.lock processes are excluded too. Without
  /// it an uncontended lock and unlock cost 2 requests instead of 5; all users of the path must agree.
  bool mirror = true;

  /// Stands between the parts of a file name, as flufl.lock's `separator`. Not empty; no letters, digits,
  /// blanks, control characters, '.', '/', '~'. The name of the lock may not contain it (Errc::invalid_options).
  std::string separator = "|";

  FastPath fast_path = FastPath::automatic;

  /// Fenced mode: waiters get the lock in order of arrival, on one host and across hosts, and who gives it back while
  /// others wait gets it again after them (protocol.md 7.2). It costs requests only while somebody waits. All users of
  /// a path should agree; one that does not may overtake the others.
  bool fair = true;

  /// Break the hold of a process that is provably gone on this host without waiting for its lease to end (protocol.md
  /// 8). Turn it off where one virtual machine may be resumed twice from one snapshot: both copies then pass for one
  /// host.
  bool break_dead = true;

  Trust trust = Trust::owner;

  /// Permission bits of the files that are made for others to use, whatever the umask: 0660 shares the lock with the
  /// group of its directory, 0600 with nobody but root. Directories may be searched by those who may read them. Read
  /// and write bits only, at least 0600, and for everybody to write only with Trust::anyone (Errc::invalid_options).
  /// Effect: with more bits for a group than for everybody, what is made gets the group of the lock's directory (EPERM
  /// when the user is not in it). Where the group may write, any of those who may write to the lock's directory may
  /// have made the fence directory, unless everybody may.
  /// Empty: 0666, and 0775 for the fence directory, less the umask. What is there already keeps its permissions.
  std::optional<std::uint32_t> permissions;

  /// Break only what this process has itself watched unchanged for a whole lease, instead of comparing with the
  /// server's clock. For servers whose clock may jump; a newcomer then waits one lease after a crash (protocol.md 4.5).
  bool trust_server_clock = true;

  /// How much the rates of two clocks may differ, in parts per million. NTP slews at most 500.
  std::int64_t drift_ppm = 1000;

  /// Error bound of the server's time stamps: 1 s on network file systems, 20 ms on local ones.
  std::optional<Duration> stamp_error;
  /// What a breaker adds to an expiry: 2 s on network file systems, 200 ms on local ones. Never below stamp_error.
  std::optional<Duration> grace;

  /// errno values that lock() treats as passing faults: it tries again until the timeout instead of reporting them.
  std::vector<int> retry_errnos;

  /// Lets another thread end a lock() that waits: when a stop is requested it gives up before its next request, waking
  /// from its sleep, and reports Errc::cancelled. Nothing is held then, as after a timeout.
  std::stop_token stop;

  /// Called by lock() from its own thread each time before it sleeps. Must not throw and must not use the Lock.
  std::function<void(const Waiting&)> on_wait;

  /// Told what becomes of the lock: waited for, acquired, broken, refreshed, lost, given back. For a log; to_string()
  /// makes a line of it. Called from the thread that runs the operation, the destructor's included, before its function
  /// returns; of an AsyncLock from the pool's threads, and after the object's end where that gives the lock back. Locks
  /// in several threads call it at the same time. Must not throw and must not use the Lock. The library itself prints
  /// nothing, ever.
  std::function<void(const Event&)> on_event;

  /// Counts the same, for monitoring. Several locks may share one object. Null: nothing is counted.
  std::shared_ptr<Counters> counters;

  /// Called for every step of the protocol and its outcome, as one line in the words of the simulator. Must not throw
  /// and must not use the Lock.
  std::function<void(const std::string&)> on_trace;
};

}  // namespace leaselock
