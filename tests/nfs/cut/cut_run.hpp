#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sightings.hpp"
#include "trial.hpp"

namespace leaselock::nfs {

/// What came of one trial.
struct Outcome {
  Trial trial;
  Blow blow = Blow::cut;
  bool control_groups = false;
  Sightings seen;
  std::optional<Cycles> deadline;  ///< the end of the first one's lease, as it said at its last refresh
  Cycles stopped = 0;              ///< for how long the first `run` really was, if it was
  bool ran_out = false;            ///< the second took the lock over when the lease was over; it was not given back
  std::optional<int> first_status;
  std::optional<int> second_status;
  std::vector<std::string> messages;  ///< of both `leaselock run`, with the time since the blow
};

/// Plays a batch on the shared cluster. Throws std::runtime_error if the cluster itself fails.
std::vector<Outcome> play(const Batch& batch);

}  // namespace leaselock::nfs
