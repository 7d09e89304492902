#include "held.hpp"

#include <algorithm>
#include <map>

namespace leaselock::nfs {
namespace {

bool exclude_each_other(const HeldLock& one, const HeldLock& other) {
  if (one.shared && other.shared) return false;
  if (one.slots.empty() || other.slots.empty()) return true;
  return std::ranges::any_of(one.slots, [&](const HeldSlot& slot) {
    return std::ranges::find(other.slots, slot.index, &HeldSlot::index) != other.slots.end();
  });
}

// Calls `see(hold, those that still last when it begins)` for each of them.
template <class See>
void sweep(const std::vector<HeldLock>& holds, const See& see) {
  std::vector<const HeldLock*> running;
  for (const HeldLock& hold : holds) {
    if (hold.ended == Ended::too_late) continue;
    std::erase_if(running, [&](const HeldLock* other) { return other->last <= hold.first; });
    see(hold, running);
    running.push_back(&hold);
  }
}

// The greatest token so far, and whose it was.
struct Newest {
  const HeldLock* hold = nullptr;
  std::uint64_t token = 0;

  void note(const HeldLock& held, std::uint64_t its_token) {
    if (its_token > token) *this = {&held, its_token};
  }
};

bool went_on_reading(const HeldLock& writer, const HeldLock& reader) {
  return writer.ended == Ended::changed && writer.host == reader.host && writer.name == reader.name;
}

}  // namespace

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
    case Ended::changed:
      return "changed";
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
  sweep(holds, [&](const HeldLock& hold, const std::vector<const HeldLock*>& running) {
    for (const HeldLock* other : running) {
      if (!exclude_each_other(*other, hold)) continue;
      overlaps.push_back({*other, hold, std::min(other->last, hold.last) - hold.first});
    }
  });
  return overlaps;
}

std::vector<Crowd> crowds_among(const std::vector<HeldLock>& holds) {
  std::vector<Crowd> crowds;
  sweep(holds, [&](const HeldLock& hold, const std::vector<const HeldLock*>& running) {
    std::size_t taken = hold.slots.size();
    for (const HeldLock* other : running) taken += other->slots.size();
    if (taken > hold.of) crowds.push_back({hold, taken});
  });
  return crowds;
}

std::vector<TokenFault> token_faults_among(const std::vector<HeldLock>& holds) {
  std::vector<TokenFault> faults;
  std::map<std::uint64_t, Newest> of_slot;
  Newest of_all;
  Newest of_writers;
  const auto must_be_above = [&faults](const Newest& newest, const HeldLock& hold, std::uint64_t token) {
    if (newest.hold != nullptr && token <= newest.token) faults.push_back({*newest.hold, hold});
  };
  for (const HeldLock& hold : holds) {
    if (hold.token == 0 || hold.ended == Ended::too_late) continue;
    for (const HeldSlot& slot : hold.slots) {
      must_be_above(of_slot[slot.index], hold, slot.token);
      of_slot[slot.index].note(hold, slot.token);
    }
    if (!hold.slots.empty()) continue;
    const bool keeps_its_token = hold.shared && of_writers.hold != nullptr && hold.token == of_writers.token &&
                                 went_on_reading(*of_writers.hold, hold);
    if (!keeps_its_token) must_be_above(hold.shared ? of_writers : of_all, hold, hold.token);
    of_all.note(hold, hold.token);
    if (!hold.shared) of_writers.note(hold, hold.token);
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
