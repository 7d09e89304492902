#include "simulated_clock.hpp"

#include <algorithm>

namespace leaselock::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t million = 1'000'000;

Duration advanced(Duration length, std::int64_t ppm) {
  return Duration(length.count() + length.count() / million * ppm + length.count() % million * ppm / million);
}

}  // namespace

SimulatedClock::SimulatedClock(Duration start) : pieces_{{TrueTime{}, start, 0, Duration::zero()}} {}

SimulatedClock SimulatedClock::drifting(Random& random, Duration start, std::int64_t drift_ppm, Duration horizon) {
  return jumping(random, start, drift_ppm, horizon, Duration::zero());
}

SimulatedClock SimulatedClock::jumping(Random& random, Duration start, std::int64_t drift_ppm, Duration horizon,
                                       Duration jump) {
  SimulatedClock clock;
  clock.pieces_.clear();
  Piece piece{TrueTime{}, start, 0, Duration::zero()};
  // Half of the clocks sit at the edge of what is allowed, where mistakes show.
  const bool extreme = random.chance(500);
  for (;;) {
    piece.ppm = extreme ? (random.chance(500) ? drift_ppm : -drift_ppm) : random.between(-drift_ppm, drift_ppm);
    piece.offset = random.between(-jump, jump);
    clock.pieces_.push_back(piece);
    if (piece.from.time_since_epoch() >= horizon) return clock;
    const Duration length = random.between(Duration(2s), Duration(40s));
    piece.shows += advanced(length, piece.ppm);
    piece.from += length;
  }
}

Duration SimulatedClock::at(TrueTime moment) const {
  const auto after = std::ranges::upper_bound(pieces_, moment, {}, &Piece::from);
  const Piece& piece = after == pieces_.begin() ? *after : *std::prev(after);
  return piece.shows + advanced(moment - piece.from, piece.ppm) + piece.offset;
}

TrueTime SimulatedClock::when(Duration reading) const {
  const auto after = std::ranges::upper_bound(pieces_, reading, {}, &Piece::shows);
  const Piece& piece = after == pieces_.begin() ? *after : *std::prev(after);
  const std::int64_t ahead = (reading - piece.shows).count();
  const std::int64_t rate = million + piece.ppm;  // shown in a million
  TrueTime moment = piece.from + Duration(ahead / rate * million + ahead % rate * million / rate);
  while (at(moment) < reading) moment += 1ns;  // what rounding took away
  return moment;
}

}  // namespace leaselock::sim
