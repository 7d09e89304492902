#include "leaselock/keep_alive_options.hpp"

namespace leaselock {

std::string to_string(LeaseState state) {
  switch (state) {
    case LeaseState::held:
      return "held";
    case LeaseState::doubtful:
      return "doubtful";
    case LeaseState::lost:
      return "lost";
  }
  return "?";
}

}  // namespace leaselock
