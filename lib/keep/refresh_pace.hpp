#pragma once

#include "leaselock/lease_time.hpp"

namespace leaselock::keep {

/// When to send the next refresh, from the lifetime and the round trips so far.
class RefreshPace {
 public:
  explicit RefreshPace(Duration lifetime) : lifetime_(lifetime) {}

  /// After a refresh that extended the lease. doubtful_at: when the lease becomes doubtful without another.
  LeaseTime after_success(LeaseTime sent, LeaseTime answered, LeaseTime doubtful_at);
  /// After one that failed: soon, with growing pauses.
  LeaseTime after_failure(LeaseTime answered);
  /// After one that extended the lease and reported something wrong: with growing pauses too, because what is wrong may
  /// be put right soon, but not longer than after a success.
  LeaseTime after_half_success(LeaseTime sent, LeaseTime answered, LeaseTime doubtful_at);

 private:
  LeaseTime regular(LeaseTime sent, LeaseTime answered, LeaseTime doubtful_at);
  Duration next_pause(Duration longest);

  Duration lifetime_;
  Duration round_trip_{};  ///< the longest of late
  int failures_ = 0;
};

}  // namespace leaselock::keep
