#include "exclusion_checker.hpp"

namespace leaselock::sim {

std::string to_string(Kind kind) {
  switch (kind) {
    case Kind::fenced:
      return "fenced";
    case Kind::compat:
      return "compat";
    case Kind::flufl:
      return "flufl";
  }
  return {};
}

void ExclusionChecker::observe(std::size_t process, Kind kind, std::optional<TrueBelief> belief, TrueTime now) {
  if (states_.size() <= process) states_.resize(process + 1);
  const std::optional<TrueBelief> before = states_[process].belief;
  states_[process] = {kind, belief};
  if (!belief) return;

  const bool begins = !before || before->token != belief->token;
  if (begins) {
    ++holds_;
    if (kind == Kind::fenced && promises_.tokens && belief->token <= highest_token_ && !violation_) {
      violation_ = "token " + std::to_string(belief->token) + " of process " + std::to_string(process) +
                   " is not above " + std::to_string(highest_token_) + ", which was given out before";
    }
    highest_token_ = std::max(highest_token_, belief->token);
  }
  if (now >= belief->until) return;
  for (std::size_t other = 0; other < states_.size(); ++other) {
    const State& state = states_[other];
    if (other == process || !state.belief || now >= state.belief->until) continue;
    if (!must_exclude(kind, state.kind) || violation_) continue;
    violation_ = "processes " + std::to_string(process) + " (" + to_string(kind) + ") and " + std::to_string(other) +
                 " (" + to_string(state.kind) + ") both believe that they hold the lock";
  }
}

bool ExclusionChecker::must_exclude(Kind a, Kind b) const {
  if (promises_.everybody) return true;
  return promises_.fenced && a == Kind::fenced && b == Kind::fenced;
}

}  // namespace leaselock::sim
