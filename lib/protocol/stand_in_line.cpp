#include "protocol/stand_in_line.hpp"

#include <algorithm>

#include "protocol/mutation.hpp"

namespace leaselock::protocol {
namespace {

// A child that inherited the descriptor may keep the gate shut while nobody is in it.
constexpr auto longest_stand = std::chrono::seconds(1);

}  // namespace

Next StandInLine::start(Session& session, Place place, LeaseTime now, LeaseTime until) {
  if (session.in_gate) return start_watching(place);
  place_ = place;
  phase_ = Phase::entering;
  session.in_line = true;
  const LeaseTime look = mutated(Bug::waits_for_gate_forever) ? LeaseTime::max() : std::min(until, now + longest_stand);
  return step::EnterGate{session.names.gate(), std::max(look, now)};
}

Next StandInLine::start_watching(Place place) {
  place_ = place;
  phase_ = Phase::watching;
  return step::Watch{place_};
}

Next StandInLine::resume(Session& session, const Result& result) {
  switch (phase_) {
    case Phase::entering:
      if (result.error == ETIMEDOUT) return std::nullopt;
      // No line here after all: from now on this object polls.
      if (result.error != 0) session.timing.wakes = false;
      if (result.error != 0) return std::nullopt;
      session.in_gate = true;
      return start_watching(place_);
    case Phase::watching:
      if (result.error == 0) session.watching = place_;
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace leaselock::protocol
