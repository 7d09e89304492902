#pragma once

#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "leaselock/export.hpp"
#include "leaselock/lease_time.hpp"
#include "leaselock/lock_kind.hpp"

namespace leaselock {

/// A number that grows with every hold of a lock, for the protected resource to compare: one that has seen a token
/// refuses work with a smaller one. It grows but is not dense (it follows the server's clock in microseconds).
using FencingToken = std::uint64_t;

/// What can be told about a lock from outside; the words of flufl.lock.
enum class LockState {
  unlocked,        ///< nobody holds it
  ours,            ///< this object holds it and its lease runs
  ours_expired,    ///< this object held it and the lease has run out; others may break it at any moment
  stale,           ///< the holder's process on this host is gone, whether its lease runs or not
  theirs_expired,  ///< somebody else's lease has run out; the next contender breaks it
  unknown,         ///< somebody else holds it, or what is there cannot be understood
};

/// The state in one word, as the command line prints it: "unlocked", "ours", "ours_expired", ...
LEASELOCK_API std::string to_string(LockState state);

/// Who holds a lock, as its files tell. Everything here was written by somebody else: show it, do not act on it.
struct Holder {
  std::string host;
  std::int64_t pid = 0;
  std::string claim;                    ///< name of the claim file; empty when only the fence directory tells
  std::optional<WallTime> expires;      ///< on the server's clock
  std::optional<FencingToken> token;    ///< fenced mode only
  std::optional<std::uint32_t> slot{};  ///< of a semaphore
  bool shared = false;                  ///< a reader of a SharedLock
  bool gone = false;                    ///< its process, on this host, is provably gone; only inspect() looks
};

/// What flufl.lock's `details` tells.
struct Details {
  std::string hostname;
  std::int64_t pid = 0;
  boost::filesystem::path lockfile;
};

/// How the hold before ours ended.
enum class PredecessorEnd {
  none,      ///< there was none, or nothing is known of it
  released,  ///< properly, by its owner, or by who broke its lease (`leaselock break`)
  expired,   ///< its lease ran out: what it protected may be half done
  died,      ///< its process, on this host, is gone, even if the lease had not run out
};
LEASELOCK_API std::string to_string(PredecessorEnd end);

struct Predecessor {
  PredecessorEnd end = PredecessorEnd::none;
  std::optional<Holder> holder;  ///< known where it did not release
};

/// Somebody who has a place in the queue, as a file's name tells: show it, do not act on it.
struct Waiter {
  std::string host;
  std::int64_t pid = 0;
  WallTime since;  ///< on the server's clock, as far as the waiter knew it
};

/// Everything a look at a lock shows (see inspect()).
struct LockStatus {
  boost::filesystem::path lockfile;
  LockKind kind = LockKind::lock;
  std::uint32_t slots = 1;  ///< of a semaphore; 1 of everything else
  /// Of a lock. Of the other kinds: unlocked, or unknown when somebody holds it; see holders.
  LockState state = LockState::unlocked;
  std::optional<Holder> holder;
  /// Everybody who holds it, by slot and then by token: one at most of a lock, n of a semaphore, any number of readers.
  std::vector<Holder> holders;
  bool fence = false;                 ///< the fence directory is there
  bool lock_file = false;             ///< something is at the lock path
  std::optional<FencingToken> token;  ///< of the present hold, or of the last one
  std::vector<std::string> waiters;   ///< claims of others who want it (none without the mirror)
  /// Who waits, in order of arrival (fenced mode). Where the fast path is used only the first of each host is in it.
  std::vector<Waiter> queue;
  std::vector<std::string> leftovers;  ///< files of this lock that crashed processes left; `clean` removes them
  std::string problem;                 ///< empty, or what is wrong with what was found, in words
};

}  // namespace leaselock
