#pragma once

#include <array>

#include "leaselock/counters.hpp"

namespace leaselock {

/// How Prometheus is told of a counter. Those of one name follow one another, and differ in `reason`.
struct CounterName {
  std::uint64_t CounterValues::*counter;
  const char* name;
  const char* help;
  const char* reason = nullptr;
};

inline constexpr std::array<CounterName, 15> counter_names = {{
    {&CounterValues::acquisitions, "leaselock_acquisitions_total", "Times the lock was acquired."},
    {&CounterValues::waits, "leaselock_waits_total", "Attempts to acquire the lock that had to wait."},
    {&CounterValues::timeouts, "leaselock_timeouts_total", "Attempts that ended because somebody else held the lock."},
    {&CounterValues::cancellations, "leaselock_cancellations_total", "Attempts that were cancelled."},
    {&CounterValues::failures, "leaselock_failures_total", "Attempts that ended with an error."},
    {&CounterValues::breaks_expired, "leaselock_breaks_total", "Holds of others that were ended.", "expired"},
    {&CounterValues::breaks_died, "leaselock_breaks_total", "Holds of others that were ended.", "died"},
    {&CounterValues::refreshes, "leaselock_refreshes_total", "Times the lease was extended."},
    {&CounterValues::refresh_failures, "leaselock_refresh_failures_total", "Refreshes that did not extend the lease."},
    {&CounterValues::mirror_losses, "leaselock_mirror_losses_total",
     "Refreshes after which flufl.lock processes were not excluded."},
    {&CounterValues::losses, "leaselock_losses_total", "Holds that were lost before they were given back."},
    {&CounterValues::releases, "leaselock_releases_total", "Holds that were given back in time."},
    {&CounterValues::release_errors, "leaselock_release_errors_total", "Of those, holds of which something stayed."},
    {&CounterValues::files_swept, "leaselock_swept_files_total", "Files of crashed processes that were removed."},
    {&CounterValues::requests, "leaselock_requests_total", "Requests to the file system."},
}};

struct HistogramName {
  Histogram CounterValues::*histogram;
  const char* name;
  const char* help;
};

inline constexpr std::array<HistogramName, 2> histogram_names = {{
    {&CounterValues::wait, "leaselock_wait_seconds", "Time from asking for the lock to having it."},
    {&CounterValues::hold, "leaselock_hold_seconds", "Time from having the lock to the end of the hold."},
}};

}  // namespace leaselock
