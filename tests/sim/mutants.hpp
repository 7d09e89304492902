#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/mutation.hpp"

namespace leaselock::sim {

/// A deliberate bug by the name it has in protocol/mutation.hpp.
struct Mutant {
  std::string name;
  protocol::Bug bug;
  std::string where{};  ///< a scenario that shows it, where others are long about it
};

/// All that the simulator has to catch; none where the protocol was compiled without them.
const std::vector<Mutant>& mutants();
/// Makes the protocol faulty from here on. False when there is no such bug.
bool switch_on(std::string_view name);
void switch_off();

}  // namespace leaselock::sim
