#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "leaselock/holder.hpp"
#include "leaselock/lease_time.hpp"

/// What the workers of `leaselock verify` write down about their holds. Plain values: analyse() needs nothing else.
namespace leaselock::tool::verify {

struct WorkerName {
  std::string host;  ///< id of the host in this run, never its network name
  unsigned number = 0;
  auto operator<=>(const WorkerName&) const = default;  // NOLINT(modernize-use-nullptr): the zero is of its own making
};

/// Somebody else was inside while our own lease certainly ran.
struct Meeting {
  std::optional<WorkerName> who;  ///< empty: gone again before it could be told who it was
  std::uint64_t hold = 0;         ///< which of its holds, from 0
};

/// From the first to the last moment at which may_act() was true.
struct Span {
  LeaseTime from;
  LeaseTime until;
};

struct Hold {
  Duration waited{};
  std::optional<Span> sure;  ///< empty: the lease was over before the first look
  FencingToken token = 0;    ///< 0: none, as in compat mode
  std::int64_t place = 0;    ///< what this hold wrote into the shared counter; 0: nothing
  bool place_sure = false;   ///< the lease still ran when the server had confirmed that
  bool overstayed = false;   ///< the lease ran out while the worker was inside
  bool lost_early = false;   ///< the lock was reported lost at a moment at which the lease still ran
  std::optional<Meeting> met;
};

struct WorkerRecord {
  unsigned number = 0;
  std::string mount;
  std::vector<Hold> holds;
  Duration worked{};      ///< from its first wait to its last unlock
  Duration unserved{};    ///< the wait that the end of the run cut short
  bool no_links = false;  ///< the file system has no hard links, so there is no gate
  bool doubtful = false;  ///< it cannot be told for each moment whether this worker was at the gate
  bool finished = false;  ///< it did what it was asked to do, and said so
  std::string trouble;    ///< why it did not
  int status = 0;         ///< the exit status that goes with the trouble
};

/// A host as it introduces itself to the others.
struct Member {
  std::string id;
  std::string host;
  std::string machine;  ///< id of the running kernel
  unsigned workers = 0;
  unsigned caches = 0;  ///< mounts that keep caches of their own
  std::string options;  ///< those that all users of a lock should agree on
  Duration patience{};  ///< after the start, how long the others should wait for its record
};

struct HostRecord {
  Member member;
  bool interrupted = false;  ///< somebody stopped it
  std::vector<WorkerRecord> workers;
};

}  // namespace leaselock::tool::verify
