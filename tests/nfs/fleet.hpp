#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "contest.hpp"
#include "shared_cluster.hpp"

namespace leaselock::nfs {

/// Which contests are held at the same time: one lock for each version and mode.
struct FleetPlan {
  std::vector<std::string> versions = nfs_versions();
  std::vector<std::string> modes;
  std::size_t hosts = 3;
  std::size_t workers_per_host = 4;
  /// How all of them mount; empty: each worker otherwise than its neighbour, so that each kind of cache meets each.
  std::optional<MountKind> kind;
  std::vector<std::string> words;  ///< of the workers' command line
  std::uint64_t seed = 1;
  /// A directory of this machine for the protocol's steps of every worker, as its trace prints them; empty: none.
  boost::filesystem::path traces;
};

/// The contests of a plan.
class Fleet {
 public:
  explicit Fleet(FleetPlan plan);

  const std::vector<std::shared_ptr<Contest>>& contests() const { return contests_; }
  const std::string& title(std::size_t contest) const { return titles_[contest]; }
  /// Mounts on a host what its workers use.
  void mount_on(std::size_t host) const;
  /// Waits until somebody has got the lock anew in every contest; otherwise says in which not.
  std::string wait_for_progress(std::chrono::seconds patience) const;
  /// Waits until every worker has held its lock; otherwise says which contests have some that have not.
  std::string wait_for_a_turn_each(std::chrono::seconds patience) const;
  bool finish();
  /// What went wrong in any of them, as tables.hpp says it.
  std::string complaints() const;

 private:
  const MountKind& kind_of(std::size_t worker) const;
  using Judge = std::function<bool(const Line&)>;
  /// Waits until a judge of its own has said yes to a line of each contest, beginning with its line `since`.
  std::string wait_for_each(std::chrono::seconds patience, const std::vector<std::size_t>& since,
                            const std::function<Judge()>& make_judge) const;

  FleetPlan plan_;
  std::vector<std::shared_ptr<Contest>> contests_;
  std::vector<std::string> titles_;
};

}  // namespace leaselock::nfs
