#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "leaselock/export.hpp"
#include "leaselock/lease_time.hpp"

namespace leaselock {

/// How often lengths of time fell between fixed bounds.
struct LEASELOCK_API Histogram {
  /// Upper bounds in seconds, each inclusive.
  static constexpr std::array<double, 17> bounds = {1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1,  0.3,  1,
                                                    3,    10,   30,   100,  300,  1000, 3000, 10000};

  /// How many fell between a bound and the one before it; the last of these has no bound.
  std::array<std::uint64_t, bounds.size() + 1> counts{};
  std::int64_t total_ns = 0;  ///< all of them, added up

  std::uint64_t count() const noexcept;
  Duration total() const noexcept { return Duration(total_ns); }
};

/// What the locks of one Counters object have done so far.
struct CounterValues {
  std::uint64_t acquisitions = 0;
  std::uint64_t waits = 0;             ///< calls of lock() that had to wait, however they ended
  std::uint64_t timeouts = 0;          ///< those that ended with Errc::timed_out; a try_lock() that finds it held, too
  std::uint64_t cancellations = 0;     ///< and with Errc::cancelled
  std::uint64_t failures = 0;          ///< and with any other error, misuse not counted
  std::uint64_t breaks_expired = 0;    ///< holds of others that we ended because their lease was over
  std::uint64_t breaks_died = 0;       ///< and because their process was gone from this host
  std::uint64_t refreshes = 0;         ///< that extended the lease
  std::uint64_t refresh_failures = 0;  ///< after which the old lease still counted
  std::uint64_t mirror_losses = 0;     ///< refreshes, counted above as well, that ended with Errc::mirror_lost
  std::uint64_t losses = 0;            ///< holds that ended with Errc::lease_lost
  std::uint64_t releases = 0;          ///< holds that ended otherwise
  std::uint64_t release_errors = 0;    ///< those of them after which something stayed
  std::uint64_t files_swept = 0;       ///< that crashed processes had left
  std::uint64_t requests = 0;          ///< steps sent to the file system; looking into a cached directory is one, too
  Histogram wait;                      ///< from the call of lock() to its return, of each acquisition
  Histogram hold;                      ///< from there to the end of the hold
};

/// Counts what locks do: give it to LockOptions::counters of one lock or of many.
/// Thread safety: values() at any time from any thread; locks in different threads may share one object. What is
/// counted at the same moment may show in part.
/// Cost: a few additions for each call; no allocation, no system call.
class LEASELOCK_API Counters {
 public:
  CounterValues values() const noexcept;

 private:
  friend class Reporter;
  void add(std::uint64_t CounterValues::*counter, std::uint64_t amount = 1) noexcept;
  void observe(Histogram CounterValues::*histogram, Duration length) noexcept;

  /// Each number is read and written atomically.
  alignas(std::atomic_ref<std::uint64_t>::required_alignment) mutable CounterValues values_;
};

/// Counters and the labels that tell them from others, such as {{"lock", "/srv/report.lock"}}.
struct CounterSeries {
  std::vector<std::pair<std::string, std::string>> labels;  ///< names as Prometheus allows them; values in UTF-8
  CounterValues values;
};

/// In the text format of Prometheus (version 0.0.4), names beginning with `leaselock_`: to be served, or written into a
/// file for node_exporter's textfile collector. Durations are seconds.
LEASELOCK_API std::string to_prometheus(const std::vector<CounterSeries>& series);
/// A label's value between quotation marks: \, " and the end of a line are written with a backslash.
LEASELOCK_API std::string prometheus_quoted(const std::string& value);

}  // namespace leaselock
