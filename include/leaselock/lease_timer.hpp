#pragma once

#include <algorithm>
#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>

#include "leaselock/lease_time.hpp"

namespace leaselock {

/// How Asio waits for a time on LeaseClock. What Asio sleeps by stands still while the machine is suspended and that
/// clock does not, so no sleep is longer than a second; all timers of one context share those wake-ups.
struct LeaseWaitTraits {
  static Duration to_wait_duration(Duration wait) { return std::min<Duration>(wait, std::chrono::seconds(1)); }
  static Duration to_wait_duration(LeaseTime until) { return to_wait_duration(until - LeaseClock::now()); }
};

/// A timer on the clock of leases, which counts suspend: what falls due while the machine sleeps is noticed within a
/// second of its waking. For keeping locks alive, and for deadlines that are compared with leases.
/// Everything else is as boost::asio::basic_waitable_timer says.
using LeaseTimer = boost::asio::basic_waitable_timer<LeaseClock, LeaseWaitTraits>;

}  // namespace leaselock
