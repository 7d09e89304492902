#pragma once

#include <cstdlib>
#include <string>

namespace leaselock::faults {

/// LEASELOCK_FAULTS=all: the long run.
inline bool everything_is_wanted() {
  const char* wish = std::getenv("LEASELOCK_FAULTS");
  return wish != nullptr && std::string(wish) == "all";
}

}  // namespace leaselock::faults
