#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "verify/descriptor.hpp"
#include "verify/records.hpp"

namespace leaselock::tool::verify {

/// Names in the directory of the contest.
inline constexpr const char* gate_name = "gate";
inline constexpr const char* doors_name = "doors";
inline constexpr const char* counter_name = "counter";
inline constexpr const char* lock_name = "lock";

/// The name of a worker's door.
std::string door_of(const WorkerName& worker);

/// A witness that only the server decides: whoever is inside the lock keeps a hard link to a file of its own, its
/// door, at one fixed name. Making that link fails if it is there, and no cache of a client has a say in that as long
/// as nobody looks the name up or lists its directory; so nobody does. Who is inside is told by the link counts of the
/// doors, whose names never change, and which are asked of the server.
///
/// Only its owner removes the link. A worker that died or overstayed therefore leaves it there, and all that come
/// later meet somebody who is not in the lock; analyse() counts such meetings as unclear.
class Gate {
 public:
  /// `contest`: a directory that has the directories and doors. Throws: std::system_error.
  Gate(const std::string& contest, WorkerName own, std::vector<WorkerName> others);
  ~Gate() { leave(); }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  /// Writes on our door which hold comes next, from 0. To be called without the lock. Throws: std::system_error.
  void announce(std::uint64_t hold) const;
  /// Returns whom we met, for certain while `lock` was ours; nothing else than may_act() is used of it.
  template <class Lock>
  std::optional<Meeting> enter(const Lock& lock) {
    if (try_link() || !lock.may_act()) return std::nullopt;
    // Whoever is seen now is there now. If it is gone, then it was there when the link was refused.
    for (const WorkerName& other : others_) {
      const std::optional<std::uint64_t> hold = hold_inside(other);
      if (hold) return lock.may_act() ? std::optional(Meeting{other, *hold}) : std::nullopt;
    }
    return Meeting{};
  }
  void leave();

  /// A request was executed twice, or with an unknown outcome, so that we may have been at the gate without the lock.
  /// A second execution shows at the next entry or, after the last hold, here.
  bool doubtful() const { return doubtful_ || hold_inside(own_); }
  bool has_links() const { return has_links_; }

 private:
  /// True when the link is ours, or when nothing can be said; false when somebody else's is there.
  bool try_link();
  /// Which hold a worker is inside with; link count and number come with one answer of the server.
  std::optional<std::uint64_t> hold_inside(const WorkerName& worker) const;

  Descriptor gate_;
  Descriptor doors_;
  WorkerName own_;
  std::vector<WorkerName> others_;
  bool inside_ = false;
  bool doubtful_ = false;
  bool has_links_ = true;
};

}  // namespace leaselock::tool::verify
