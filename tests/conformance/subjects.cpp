#include <iterator>

#include "subject.hpp"

namespace leaselock::conformance {

std::vector<SubjectKind> all_subjects() {
  std::vector<SubjectKind> kinds = posix_subjects();
  std::vector<SubjectKind> simulated = simulated_subjects();
  std::move(simulated.begin(), simulated.end(), std::back_inserter(kinds));
  return kinds;
}

}  // namespace leaselock::conformance
