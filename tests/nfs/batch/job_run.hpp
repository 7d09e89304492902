#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "record/cycles.hpp"

namespace leaselock::nfs {

/// How a run of the job's program came to its end.
enum class RunEnd {
  done,      ///< by itself, and its file is in done/
  not_done,  ///< it was stopped, or came to its end in vain: its file is not in done/ under this attempt's name
  crashed,   ///< with its host
  unseen,    ///< nobody saw it end
};
std::string to_string(RunEnd end);

/// The program, run once for one job, as a witness on its host saw it.
struct JobRun {
  std::size_t job = 0;
  std::string host;
  std::uint64_t pid = 0;
  Cycles first = 0;     ///< its first sign of life, by itself
  Cycles last = 0;      ///< its last sign of life, every 20 ms; when its host crashed, if that ended it; 0: not seen
  std::string attempt;  ///< the name that its file had in running/; empty: not heard
  std::optional<std::size_t> slot;
  RunEnd end = RunEnd::unseen;
};

}  // namespace leaselock::nfs
