#pragma once

#include <optional>
#include <string>

#include "leaselock/counters.hpp"
#include "leaselock/event.hpp"

namespace leaselock::tool {

/// What is known of one run, as its lock's events tell it.
struct RunMetrics {
  std::string name;  ///< tells files of one directory apart
  std::string lockfile;
  WallTime started{};
  std::optional<WallTime> waiting_since;
  std::optional<WallTime> held_since;
  std::optional<WallTime> lease_expires;  ///< while it is held; afterwards if it was not given back
  std::optional<FencingToken> token;      ///< of the last hold
  std::optional<int> exit_status;

  void note(const Event& event);
  void end(std::optional<int> status);
};

/// The whole file, in Prometheus's text format.
std::string to_prometheus(const RunMetrics& run, const CounterValues& counters);

}  // namespace leaselock::tool
