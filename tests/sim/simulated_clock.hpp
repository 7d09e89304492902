#pragma once

#include <vector>

#include "leaselock/lease_time.hpp"
#include "random.hpp"

/// True time, which only the simulator knows, and clocks that tell it wrongly.
namespace leaselock::sim {

struct TrueClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::duration<rep, period>;
  using time_point = std::chrono::time_point<TrueClock>;
  static constexpr bool is_steady = true;
};
using TrueTime = TrueClock::time_point;

/// A clock as a line with bends and jumps: its rate stays within a bound, and it may jump by an offset. What drifts
/// slowly, swings or steps differs only in where the bends lie.
class SimulatedClock {
 public:
  /// A perfect clock that shows `start` at true time zero.
  explicit SimulatedClock(Duration start = Duration::zero());
  /// Bends every few seconds up to `horizon`, with rates within +-`drift_ppm` of the truth.
  static SimulatedClock drifting(Random& random, Duration start, std::int64_t drift_ppm, Duration horizon);
  /// The same, with jumps at the bends: each to an offset drawn from [-jump, jump], so that no two differ by more
  /// than twice that.
  static SimulatedClock jumping(Random& random, Duration start, std::int64_t drift_ppm, Duration horizon,
                                Duration jump);

  /// What the clock shows, as a length since its own epoch.
  Duration at(TrueTime moment) const;
  /// The first moment at which it shows `reading` or more. For clocks without jumps.
  TrueTime when(Duration reading) const;

 private:
  struct Piece {
    TrueTime from;
    Duration shows;  ///< at `from`, without the offset
    std::int64_t ppm;
    Duration offset;
  };
  std::vector<Piece> pieces_;
};

}  // namespace leaselock::sim
