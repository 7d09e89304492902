#pragma once

#include <chrono>
#include <cstdint>

#include "leaselock/export.hpp"

/// Three clocks that cannot be mixed by mistake: each has its own time-point type.
/// Source: docs/protocol.md section 4.
namespace leaselock {

/// Lengths of time; nanoseconds, so every std::chrono duration of whole units converts without loss.
using Duration = std::chrono::nanoseconds;

/// The clock that leases are judged by on this host: CLOCK_BOOTTIME, which counts suspend (clock_gettime(2)).
/// A suspended machine must not believe on waking that its lease is young. Never written to disk.
struct LEASELOCK_API LeaseClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::duration<rep, period>;
  using time_point = std::chrono::time_point<LeaseClock>;
  static constexpr bool is_steady = true;

  /// Reads the clock; no I/O, no system call where the kernel maps the clock into the process.
  static time_point now() noexcept;
};
using LeaseTime = LeaseClock::time_point;

/// The file server's clock, since the Unix epoch. It has no now(): it is known only from the stamps that the
/// server writes into a directory's change time, so it cannot be compared with any local clock.
struct ServerClock {
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::duration<rep, period>;
  using time_point = std::chrono::time_point<ServerClock>;
  static constexpr bool is_steady = false;
};
using ServerTime = ServerClock::time_point;

/// Wall time, shown to people and read from flufl.lock's files; never decides anything.
using WallTime = std::chrono::time_point<std::chrono::system_clock, Duration>;

}  // namespace leaselock
