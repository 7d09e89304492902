#pragma once

#include <optional>
#include <string>
#include <vector>

#include "leaselock/options.hpp"
#include "verify/records.hpp"

namespace leaselock::tool::verify {

/// What one worker is to do.
struct Job {
  WorkerName own;
  std::vector<WorkerName> others;  ///< the workers of all hosts but itself
  std::string mount;               ///< the directory as the user gave it
  std::string contest;             ///< the directory of the contest, seen through that mount
  LockOptions lock;
  Duration hold{};                ///< how long to keep the lock each time
  std::optional<unsigned> holds;  ///< how many; empty: as many as there is time for
  LeaseTime end;                  ///< no new wait after this
};

/// In a process of its own: hammers the lock and writes its record, line by line, to `pipe`.
void work(const Job& job, int pipe);

}  // namespace leaselock::tool::verify
