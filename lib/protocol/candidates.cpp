#include "protocol/candidates.hpp"

#include <algorithm>

namespace leaselock::protocol {
namespace {

std::size_t beyond(std::size_t count, std::size_t others) { return count > others ? count - others : 0; }

/// Those who come at once, with nobody before them, shall not all try the same slot; the own last one needs no look at
/// when it was freed (4.7).
void spread(Session& session, std::vector<FoundBaton>& free) {
  const auto start = static_cast<std::size_t>(session.with_jitter(Duration(1 << 20)).count()) % free.size();
  std::rotate(free.begin(), free.begin() + static_cast<std::ptrdiff_t>(start), free.end());
  const auto last = std::ranges::find(free, session.last_free, &FoundBaton::name);
  if (last != free.end()) std::iter_swap(free.begin(), last);
}

}  // namespace

std::vector<Candidate> candidates(Session& session, const Scan& scan, const Standing& standing) {
  if (!session.is_semaphore()) return {{{*scan.baton(), scan.name()}, standing.ahead}};
  std::vector<FoundBaton> free;
  std::vector<FoundBaton> held;
  for (const FoundBaton& found : scan.batons()) {
    if (session.holds_slot(found.baton)) continue;
    // Held by us, from a request given up earlier: as good as free.
    const bool ours = found.baton.held && found.baton.owner.same_object(session.me);
    (found.baton.held && !ours ? held : free).push_back(found);
  }
  std::ranges::sort(held, {}, [](const FoundBaton& found) { return found.baton.expiry_ms; });
  std::vector<Candidate> all;
  if (!free.empty()) {
    if (standing.ahead == 0) spread(session, free);
    const std::size_t first = std::min(standing.ahead, free.size() - 1);
    for (std::size_t at = first; at < free.size(); ++at) all.push_back({free[at], beyond(standing.ahead, at)});
  }
  const std::size_t waiting = beyond(standing.ahead, free.size());
  for (std::size_t at = 0; at < held.size(); ++at) all.push_back({held[at], beyond(waiting, at)});
  return all;
}

}  // namespace leaselock::protocol
