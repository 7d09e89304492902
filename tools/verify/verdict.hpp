#pragma once

#include <string>
#include <vector>

#include "verify/analysis.hpp"
#include "verify/records.hpp"

namespace leaselock::tool::verify {

enum class Outcome {
  clean,     ///< nothing speaks against the lock, and everybody did what was asked
  broken,    ///< proven: the lock failed
  unproven,  ///< it did not go through as planned, or something was seen that cannot be judged
};
std::string to_string(Outcome outcome);

/// All that came in from one run.
struct Contest {
  std::vector<Member> members;  ///< all that took part
  std::vector<HostRecord> records;
  std::string directory;  ///< for the next command to run
};

struct Verdict {
  Outcome outcome = Outcome::clean;
  std::vector<std::string> reasons;  ///< why it is not clean
  std::vector<std::string> notes;    ///< what should be known all the same
  std::string shown;                 ///< what such a run can show
  std::string not_shown;             ///< what it cannot, and how to find out
};

Verdict judge(const Contest& contest, const Findings& findings);

}  // namespace leaselock::tool::verify
