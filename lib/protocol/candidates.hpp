#pragma once

#include <cstddef>
#include <vector>

#include "protocol/scan.hpp"
#include "protocol/standing.hpp"

namespace leaselock::protocol {

/// A baton that a contender may try to take, and how many go first for it.
struct Candidate {
  FoundBaton found;
  std::size_t ahead = 0;
};

/// In the order in which they are tried. Of a lock its only baton. Of a semaphore (9.1): when p are before us the free
/// slot that the p-th does not need; when there are fewer free ones those that are held, which may be broken, soonest
/// first.
std::vector<Candidate> candidates(Session& session, const Scan& scan, const Standing& standing);

}  // namespace leaselock::protocol
