#pragma once

#include <string>

#include "batch_plan.hpp"
#include "batch_record.hpp"

namespace leaselock::nfs {

struct BatchResult {
  BatchRecord record;
  std::string log;
};

/// Plays a batch: a quarter of its jobs into it the host where the last one began crashes, and stays away; at the half
/// of it another one is cut off for a while. Throws std::runtime_error if it does not come to its end.
BatchResult play_batch(const BatchPlan& plan);

/// One line of numbers.
std::string summary(const BatchRecord& record);

}  // namespace leaselock::nfs
