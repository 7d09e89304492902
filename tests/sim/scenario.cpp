#include "scenario.hpp"

#include <algorithm>

namespace leaselock::sim {
namespace {

/// Semaphores and shared locks (9).
void add_sharing(const auto& add) {
  const auto make = [&](std::string name, std::string about, protocol::Purpose purpose) -> Scenario& {
    Scenario& made = add(std::move(name), std::move(about), {Kind::fenced});
    made.mirror = false;
    made.purpose = purpose;
    return made;
  };
  constexpr protocol::Purpose two_slots{LockKind::semaphore, 2};
  constexpr protocol::Purpose sharing{LockKind::shared_lock, 1};
  make("semaphore", "two slots, one or both at a time", two_slots);
  make("semaphore_destroy", "who holds all slots may remove the semaphore", two_slots).destroys = true;
  make("semaphore_killed_renames", "processes killed in the middle of a rename", two_slots).killed_renames = true;
  make("semaphore_cancelled", "waiters that give up at any step", {LockKind::semaphore, 3}).cancels = true;
  make("local_semaphore", "two slots on a local file system", two_slots).local = true;
  make("shared", "readers and writers, who change their minds", sharing);
  make("shared_loose_clocks", "clocks at the edge of their bounds", sharing).loose_clocks = true;
  make("shared_killed_renames", "processes killed in the middle of a rename", sharing).killed_renames = true;
  make("shared_cancelled", "readers and writers that give up at any step", sharing).cancels = true;
  Scenario& watch = make("shared_watch_rule", "no trust in a server clock that jumps", sharing);
  watch.trust_server_clock = false;
  make("local_shared", "readers and writers on a local file system", sharing).local = true;
}

std::vector<Scenario> make_scenarios() {
  std::vector<Scenario> all;
  const auto add = [&](std::string name, std::string about, std::vector<Kind> fleet) -> Scenario& {
    Scenario& made = all.emplace_back();
    made.name = std::move(name);
    made.about = std::move(about);
    made.fleet = std::move(fleet);
    return made;
  };

  add("fenced", "fenced with the mirror, every fault", {Kind::fenced});

  add("fenced_no_mirror", "fenced without the mirror, every fault", {Kind::fenced}).mirror = false;

  Scenario& watch = add("fenced_watch_rule", "no trust in a server clock that jumps by minutes", {Kind::fenced});
  watch.mirror = false;
  watch.trust_server_clock = false;

  Scenario& loose = add("fenced_loose_clocks", "clocks at the edge of their bounds", {Kind::fenced});
  loose.mirror = false;
  loose.loose_clocks = true;

  Scenario& killed = add("fenced_killed_renames", "processes killed in the middle of a rename", {Kind::fenced});
  killed.mirror = false;
  killed.killed_renames = true;
  add("fenced_mirror_killed_renames", "the same with the mirror", {Kind::fenced}).killed_renames = true;

  Scenario& destroy = add("fenced_destroy", "holders that destroy the fence directory", {Kind::fenced});
  destroy.destroys = true;

  Scenario& cancelled = add("fenced_cancelled", "waiters that give up at any step", {Kind::fenced});
  cancelled.cancels = true;
  Scenario& compat_cancelled = add("compat_cancelled", "the same in compat mode", {Kind::compat});
  compat_cancelled.cancels = true;
  compat_cancelled.faults = FaultLevel::flufl_guarantee;
  compat_cancelled.promises.everybody = true;

  add("fenced_kept", "holders that keep their locks alive", {Kind::fenced}).kept = true;
  Scenario& kept = add("fenced_no_mirror_kept", "the same without the mirror", {Kind::fenced});
  kept.kept = true;
  kept.mirror = false;

  Scenario& delegated =
      add("fenced_delegated_timestamps", "clients stamp files by their own clocks (21.1)", {Kind::fenced});
  delegated.delegations = true;
  delegated.mirror = true;

  Scenario& lost = add("fenced_lost_files", "files of others at the lock path and around it", {Kind::fenced});
  lost.lost_files = true;

  Scenario& compat = add("compat", "compat mode, faults that flufl.lock's guarantee covers", {Kind::compat});
  compat.faults = FaultLevel::flufl_guarantee;
  compat.promises.everybody = true;

  Scenario& flufl = add("flufl", "flufl.lock's own algorithm: must be caught", {Kind::flufl});
  flufl.faults = FaultLevel::flufl_guarantee;
  flufl.promises.everybody = true;
  flufl.must_fail = true;

  add("mixed_fenced_flufl", "strict among the fenced whatever flufl.lock and the network do",
      {Kind::fenced, Kind::fenced, Kind::flufl});

  const auto calm = [](Scenario& scenario) {
    scenario.faults = FaultLevel::none;
    scenario.promises.everybody = true;
    scenario.holders_overstay = false;
    scenario.patient = false;
  };
  calm(add("calm_fenced_flufl", "no faults: exclusion across both", {Kind::fenced, Kind::flufl}));
  calm(add("mixed_compat_flufl", "no faults: exclusion across both", {Kind::compat, Kind::flufl}));

  Scenario& modes = add("mixed_fenced_compat", "both modes on one path, faults as for compat",
                        {Kind::fenced, Kind::fenced, Kind::compat});
  modes.faults = FaultLevel::flufl_guarantee;
  modes.promises.everybody = true;
  // A compat holder that sleeps through its lease is the hole that protocol.md section 15 describes.
  modes.long_pauses = false;

  Scenario& gate = add("local_gate", "a local file system: the gate, watches and death seen at once", {Kind::fenced});
  gate.local = true;
  gate.mirror = false;
  Scenario& mirrored = add("local_mirror_gate", "the same with the mirror", {Kind::fenced});
  mirrored.local = true;
  mirrored.destroys = true;
  Scenario& both =
      add("local_mixed_gate", "both modes on a local file system", {Kind::fenced, Kind::fenced, Kind::compat});
  both.local = true;
  both.faults = FaultLevel::flufl_guarantee;
  both.promises.everybody = true;
  both.long_pauses = false;
  Scenario& compat_gate = add("local_compat", "compat mode on a local file system", {Kind::compat});
  compat_gate.local = true;
  compat_gate.faults = FaultLevel::flufl_guarantee;
  compat_gate.promises.everybody = true;
  Scenario& peers =
      add("local_calm_flufl", "the gate beside flufl.lock, no faults", {Kind::fenced, Kind::compat, Kind::flufl});
  peers.local = true;
  calm(peers);
  add_sharing(add);
  return all;
}

}  // namespace

bool Scenario::has(Kind kind) const { return std::ranges::find(fleet, kind) != fleet.end(); }

bool Scenario::has_only(Kind kind) const {
  return std::ranges::all_of(fleet, [kind](Kind each) { return each == kind; });
}

const std::vector<Scenario>& scenarios() {
  static const std::vector<Scenario> all = make_scenarios();
  return all;
}

const Scenario* find_scenario(std::string_view name) {
  const auto found = std::ranges::find(scenarios(), name, &Scenario::name);
  return found == scenarios().end() ? nullptr : &*found;
}

}  // namespace leaselock::sim
