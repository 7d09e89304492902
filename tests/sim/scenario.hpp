#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exclusion_checker.hpp"
#include "faults.hpp"
#include "protocol/names.hpp"

namespace leaselock::sim {

/// A kind of fleet, what may happen to it, and what it is promised.
struct Scenario {
  std::string name;
  std::string about;
  std::vector<Kind> fleet;  ///< kinds that processes are drawn from
  FaultLevel faults = FaultLevel::all;
  ExclusionChecker::Promises promises;
  bool local = false;  ///< one host, whose kernel keeps the file system itself and wakes those who wait
  bool mirror = true;
  bool destroys = false;  ///< some holders destroy() where others unlock()
  bool trust_server_clock = true;
  bool delegations = false;      ///< clients stamp regular files themselves, by clocks of their own
  bool lost_files = false;       ///< strange files lie at the lock path and around it
  bool holders_overstay = true;  ///< some holders do not refresh and hold past their lease
  bool killed_renames = false;   ///< processes are killed in the middle of a rename (faults.hpp)
  bool loose_clocks = false;     ///< all clocks at the edge of their bounds, and long naps in between
  bool long_pauses = true;       ///< processes may sleep past their lease
  bool patient = true;           ///< some wait for long; flufl.lock's waiters then hold expired claims
  bool cancels = false;          ///< waiters are told at any step that nobody wants the lock any more
  bool kept = false;             ///< holders keep their locks alive as KeepAlive does
  protocol::Purpose purpose;     ///< what all of them take the path for
  bool must_fail = false;        ///< the fleet is broken and the checker must show it

  bool has(Kind kind) const;
  bool has_only(Kind kind) const;
};

const std::vector<Scenario>& scenarios();
const Scenario* find_scenario(std::string_view name);

}  // namespace leaselock::sim
