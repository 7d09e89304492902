#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "protocol/scan.hpp"
#include "protocol/session.hpp"

namespace leaselock::protocol {

/// Where a contender stands among those who wait, by the last listing (7.2).
struct Standing {
  std::size_t ahead = 0;               ///< how many were there before us; we let them go first, for a while
  bool others_wait = false;            ///< whoever takes the baton gives it back to somebody
  bool passed = false;                 ///< our ticket is gone: somebody did not want to wait for us any longer
  std::vector<std::string> forgotten;  ///< tickets of our own beside the one we know
  std::vector<std::string> before;     ///< some tickets of those ahead, which go if they let us pass
  std::string first;                   ///< the ticket of the first of them
};

/// Everybody with a ticket was there before one who has none. Finds our own ticket again if it was forgotten.
Standing stand(Session& session, const Scan& scan);

}  // namespace leaselock::protocol
