#pragma once

#include <gtest/gtest.h>

#include <cerrno>
#include <optional>

#include "keep/lease_judge.hpp"
#include "leaselock/error.hpp"

namespace leaselock::keep {

inline constexpr Duration lifetime = std::chrono::seconds(12);
inline const std::error_code success;
inline const std::error_code io_error(EIO, std::system_category());

/// The judgement of a lease by a clock that the test moves. A lease of 12 s, with the default margin of 4 s.
class Judgement : public ::testing::Test {
 protected:
  void begin(Duration left = lifetime) { judge.emplace(options, lifetime, now + left, now); }
  /// True when there was something to report.
  bool look() { return judge->look(now); }
  bool look_after(Duration length) {
    now += length;
    return look();
  }
  LeaseState state() const { return judge->state(); }
  Duration until_refresh() const { return judge->refresh_at() - now; }
  Duration until_look() const { return judge->look_at() - now; }
  /// Sends a refresh now that is answered after a while; a success extends the lease from when it was sent.
  bool refresh(const std::error_code& error, Duration round_trip = {}) {
    judge->sent(now);
    const LeaseTime extended = error && error != Errc::mirror_lost ? LeaseTime{} : now + lifetime;
    now += round_trip;
    judge->answered(error, extended, now);
    return look();
  }

  KeepAliveOptions options;
  LeaseTime now{std::chrono::seconds(1000)};
  std::optional<LeaseJudge> judge;
};

}  // namespace leaselock::keep
