#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "verify/records.hpp"

namespace leaselock::tool::verify {

/// One worker, as a row of the table.
struct Row {
  std::string host;
  std::string mount;
  unsigned worker = 0;
  std::size_t holds = 0;
  double share = 0;  ///< of all holds, 0 to 1
  Duration mean_wait{};
  Duration longest_wait{};  ///< with the one that the end of the run cut short
  std::string trouble;
};

/// What the records of all hosts say.
struct Findings {
  std::vector<Row> rows;  ///< by host, then by worker
  std::size_t holds = 0;

  // Each of these is a proof that the lock failed; analysis.cpp says why.
  std::size_t overlaps = 0;
  std::size_t meetings = 0;
  std::size_t repeated_tokens = 0;
  std::size_t disordered_tokens = 0;
  std::size_t lost_early = 0;

  // Each of these may have an innocent cause.
  std::size_t unclear_meetings = 0;
  std::size_t lost_updates = 0;  ///< of the shared counter

  std::size_t overstayed = 0;
  std::size_t troubles = 0;  ///< workers that did not do all they were asked to
  bool no_links = false;
  double fairness = 0;  ///< Jain's index of the workers' holds per second: 1 is perfectly fair, 1/workers is the worst

  std::size_t violations() const { return overlaps + meetings + repeated_tokens + disordered_tokens + lost_early; }
};

/// `all_hosts_reported`: no host took part whose record is missing.
Findings analyse(const std::vector<HostRecord>& records, bool all_hosts_reported);

}  // namespace leaselock::tool::verify
