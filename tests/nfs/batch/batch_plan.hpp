#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace leaselock::nfs {

/// One batch, on every host of the shared cluster. The seed decides how long each job lasts; every third job may be
/// begun only once.
struct BatchPlan {
  std::size_t jobs = 30;
  std::chrono::milliseconds shortest{1500};
  std::chrono::milliseconds longest{4000};
  std::chrono::milliseconds outage{14000};  ///< of the host that is cut off; the one that crashes stays away
  std::string version = "4.2";
  std::uint64_t seed = 1;
};

inline constexpr std::size_t batch_slots = 2;  ///< that many jobs may run at once: batch.sh

}  // namespace leaselock::nfs
