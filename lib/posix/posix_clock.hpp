#pragma once

#include "ports/clock.hpp"

namespace leaselock::posix {

/// CLOCK_BOOTTIME; waiting through Asio.
class PosixClock final : public ports::Clock {
 public:
  LeaseTime now() noexcept override { return LeaseClock::now(); }
  void wait_until(LeaseTime until) override;
};

}  // namespace leaselock::posix
