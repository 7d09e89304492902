#pragma once

#include "leaselock/lease_time.hpp"

namespace leaselock::ports {

/// The clock of leases. Must never step back and must count the time that the machine is suspended.
/// Thread safety: shared by all Lock objects.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual LeaseTime now() noexcept = 0;
  /// Returns at `until` or later, never earlier.
  virtual void wait_until(LeaseTime until) = 0;
};

}  // namespace leaselock::ports
