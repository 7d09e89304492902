#include "keep/refresh_pace.hpp"

#include <algorithm>
#include <chrono>

namespace leaselock::keep {
namespace {

/// However slow the server is, it is not asked more often than this part of the lifetime.
constexpr int shortest_part = 32;
/// Where the pauses after failures begin and end; on a short lease they are as short.
constexpr Duration longest_pause = std::chrono::seconds(1);
constexpr int longest_pause_part = 15;
constexpr int doublings = 4;

}  // namespace

LeaseTime RefreshPace::after_success(LeaseTime sent, LeaseTime answered, LeaseTime doubtful_at) {
  failures_ = 0;
  return regular(sent, answered, doubtful_at);
}

LeaseTime RefreshPace::after_failure(LeaseTime answered) {
  return answered + next_pause(std::min<Duration>(lifetime_ / longest_pause_part, longest_pause));
}

LeaseTime RefreshPace::after_half_success(LeaseTime sent, LeaseTime answered, LeaseTime doubtful_at) {
  const LeaseTime latest = regular(sent, answered, doubtful_at);
  return std::min(latest, answered + next_pause(lifetime_));
}

LeaseTime RefreshPace::regular(LeaseTime sent, LeaseTime answered, LeaseTime doubtful_at) {
  // A slow answer is remembered for some refreshes: the next may be as slow.
  round_trip_ = std::max(answered - sent, round_trip_ - round_trip_ / 4);
  const Duration half = std::min((doubtful_at - sent) / 2, lifetime_ / 3);
  return std::max(sent + half - round_trip_, answered + lifetime_ / shortest_part);
}

Duration RefreshPace::next_pause(Duration longest) {
  const Duration shortest = std::min<Duration>(lifetime_ / longest_pause_part, longest_pause) / (1 << doublings);
  Duration pause = shortest;
  for (int i = 0; i < failures_ && pause < longest; ++i) pause *= 2;
  ++failures_;
  return std::min(pause, longest);
}

}  // namespace leaselock::keep
