#include "sharing_checker.hpp"

#include <algorithm>
#include <utility>

namespace leaselock::sim {

void SharingChecker::observe(std::size_t process, std::vector<TrueBelief> beliefs, TrueTime now) {
  if (states_.size() <= process) states_.resize(process + 1);
  const std::vector<TrueBelief> before = std::exchange(states_[process], std::move(beliefs));
  for (const TrueBelief& belief : states_[process]) {
    const bool is_known = std::ranges::any_of(
        before, [&](const TrueBelief& old) { return old.slot == belief.slot && old.token == belief.token; });
    if (now >= belief.until) continue;
    if (!is_known) check_token(process, belief);
    check_others(process, belief, now);
  }
  check_count(now);
}

/// A writer's token is above all before it; those of readers, who may begin in another order than they came, above all
/// writers' before them, but for a writer that becomes a reader.
void SharingChecker::check_token(std::size_t process, const TrueBelief& begun) {
  ++holds_;
  Tokens& highest = highest_[begun.slot];
  const std::uint64_t least = begun.shared ? highest.of_writers : highest.of_all;
  const bool stays = begun.shared && begun.token == highest.of_writers && process == highest.last_writer;
  if (begun.token <= least && !stays) {
    report("token " + std::to_string(begun.token) + " of process " + std::to_string(process) + " in slot " +
           std::to_string(begun.slot) + " is not above " + std::to_string(least) + ", which was given out before");
  }
  if (!begun.shared && begun.token > highest.of_writers) {
    highest.of_writers = begun.token;
    highest.last_writer = process;
  }
  highest.of_all = std::max(highest.of_all, begun.token);
}

void SharingChecker::check_others(std::size_t process, const TrueBelief& belief, TrueTime now) {
  for (std::size_t other = 0; other < states_.size(); ++other) {
    if (other == process) continue;
    for (const TrueBelief& theirs : states_[other]) {
      if (now >= theirs.until || theirs.slot != belief.slot || (theirs.shared && belief.shared)) continue;
      report("processes " + std::to_string(process) + " and " + std::to_string(other) +
             " both believe that they hold slot " + std::to_string(belief.slot) + ", and not both as readers");
    }
  }
}

void SharingChecker::check_count(TrueTime now) {
  std::size_t valid = 0;
  for (const auto& beliefs : states_) {
    valid += static_cast<std::size_t>(
        std::ranges::count_if(beliefs, [&](const TrueBelief& belief) { return now < belief.until && !belief.shared; }));
  }
  if (valid > slots_) {
    report(std::to_string(valid) + " slots are believed to be held, and there are " + std::to_string(slots_));
  }
}

}  // namespace leaselock::sim
