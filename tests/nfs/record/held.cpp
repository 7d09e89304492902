#include "held.hpp"

#include <algorithm>

namespace leaselock::nfs {

std::string to_string(Ended ended) {
  switch (ended) {
    case Ended::unseen:
      return "unseen";
    case Ended::released:
      return "released";
    case Ended::lost:
      return "lost";
    case Ended::unlock_lost:
      return "unlock-lost";
    case Ended::unlock_failed:
      return "unlock-error";
    case Ended::too_late:
      return "too-late";
  }
  return "unknown";
}

std::string describe(const HeldLock& hold) {
  return hold.host + '/' + hold.name + " hold " + std::to_string(hold.sequence);
}

std::vector<Overlap> overlaps_among(const std::vector<HeldLock>& holds) {
  std::vector<Overlap> overlaps;
  std::vector<const HeldLock*> running;
  for (const HeldLock& hold : holds) {
    if (hold.ended == Ended::too_late) continue;
    std::erase_if(running, [&](const HeldLock* other) { return other->last <= hold.first; });
    for (const HeldLock* other : running) {
      overlaps.push_back({*other, hold, std::min(other->last, hold.last) - hold.first});
    }
    running.push_back(&hold);
  }
  return overlaps;
}

std::vector<TokenFault> token_faults_among(const std::vector<HeldLock>& holds) {
  std::vector<TokenFault> faults;
  const HeldLock* before = nullptr;
  for (const HeldLock& hold : holds) {
    if (hold.token == 0 || hold.ended == Ended::too_late) continue;
    if (before != nullptr && hold.token <= before->token) faults.push_back({*before, hold});
    if (before == nullptr || hold.token > before->token) before = &hold;
  }
  return faults;
}

double fairness_of(const std::vector<std::size_t>& shares) {
  double sum = 0;
  double squares = 0;
  for (const std::size_t share : shares) {
    sum += static_cast<double>(share);
    squares += static_cast<double>(share) * static_cast<double>(share);
  }
  return squares > 0 ? sum * sum / (static_cast<double>(shares.size()) * squares) : 1;
}

}  // namespace leaselock::nfs
