#pragma once

#include "leaselock/lease_time.hpp"

namespace leaselock::keep {

/// Until when a lock says that it may act; in the past when it may not. No I/O, any thread.
template <class SomeLock>
LeaseTime deadline_of(const SomeLock& lock) noexcept {
  // The clock first: the sum is at most the deadline.
  const LeaseTime now = LeaseClock::now();
  const Duration left = lock.remaining();
  return left > Duration::zero() ? now + left : LeaseTime{};
}

}  // namespace leaselock::keep
