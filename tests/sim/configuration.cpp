#include "explorer.hpp"

namespace leaselock::sim {
namespace {

std::vector<Configuration> make_configurations() {
  using enum Operation;
  using namespace std::chrono_literals;
  const std::vector<Operation> once{lock, unlock};
  const std::vector<Operation> once_refreshed{lock, refresh, unlock};
  const std::vector<Operation> twice{lock, unlock, lock, unlock};
  const std::vector<Operation> destroyed{lock, destroy};
  std::vector<Configuration> all;
  const auto add = [&](std::string name, std::string about, std::vector<Kind> processes,
                       std::vector<Operation> program) -> Configuration& {
    Configuration& made = all.emplace_back();
    made.name = std::move(name);
    made.about = std::move(about);
    made.processes = std::move(processes);
    made.program = std::move(program);
    return made;
  };
  const std::vector<Kind> two{Kind::fenced, Kind::fenced};
  const std::vector<Kind> three{Kind::fenced, Kind::fenced, Kind::fenced};

  Configuration& lost =
      add("two_lost_replies", "2 processes, a refresh, a repeated request, expiry", two, once_refreshed);
  lost.jumps = 2;
  lost.repeated = 1;
  Configuration& late =
      add("two_zombies", "2 processes, a refresh, a request executed after EIO, expiry", two, once_refreshed);
  late.jumps = 2;
  late.zombies = 1;
  Configuration& stale =
      add("two_stale_views", "2 processes, a refresh, old and torn listings, a false ENOENT", two, once_refreshed);
  stale.jumps = 1;
  stale.stale_lists = 1;
  stale.torn_lists = 1;
  stale.absent = 1;
  Configuration& crash = add("two_crash", "2 processes with the mirror, one killed anywhere", two, once);
  crash.mirror = true;
  crash.jumps = 1;
  crash.crashes = 1;
  Configuration& mirrored = add("two_mirrored", "2 processes with the mirror, a repeated request, expiry", two, once);
  mirrored.mirror = true;
  mirrored.jumps = 1;
  mirrored.repeated = 1;
  Configuration& again = add("two_twice", "2 processes that lock twice, a repeated request", two, twice);
  again.jumps = 1;
  again.repeated = 1;
  Configuration& gone = add("two_destroy", "2 processes that destroy the fence, a repeated request", two, destroyed);
  gone.tries = 1;
  gone.repeated = 1;
  Configuration& many = add("three", "3 processes, expiry", three, once);
  many.jumps = 1;
  Configuration& made =
      add("two_cold", "2 processes that begin with an empty directory, a repeated request", two, once);
  made.warm = false;
  made.tries = 1;
  made.repeated = 1;
  Configuration& compat = add("two_compat", "2 compat processes, expiry", {Kind::compat, Kind::compat}, once_refreshed);
  compat.jumps = 1;
  compat.everybody = true;
  Configuration& fair = add("two_fair", "2 processes that wait in turn, one killed anywhere, expiry", two, once);
  fair.timeout = 400ms;
  fair.one_host = true;
  fair.tries = 1;
  fair.crashes = 1;

  const auto share = [&](std::string name, std::string about, std::vector<std::vector<Operation>> programs,
                         protocol::Purpose purpose) -> Configuration& {
    Configuration& shared =
        add(std::move(name), std::move(about), std::vector<Kind>(programs.size(), Kind::fenced), {});
    shared.programs = std::move(programs);
    shared.purpose = purpose;
    shared.jumps = 1;
    shared.tries = 1;
    return shared;
  };
  constexpr protocol::Purpose two_slots{LockKind::semaphore, 2};
  constexpr protocol::Purpose sharing{LockKind::shared_lock, 1};
  share("semaphore", "3 processes and 2 slots, expiry", {once, once, once}, two_slots);
  share("semaphore_lost_reply", "2 processes and 2 slots, a repeated request, expiry", {once_refreshed, once_refreshed},
        two_slots)
      .repeated = 1;
  share("semaphore_all", "one takes both slots and one of them is taken by another, expiry", {{lock_all, unlock}, once},
        two_slots);
  const std::vector<Operation> reads{lock_shared, unlock};
  const std::vector<Operation> reads_long{lock_shared, refresh, unlock};
  Configuration& both =
      share("shared", "a writer and a reader that refreshes, a repeated request, expiry", {once, reads_long}, sharing);
  both.repeated = 1;
  share("shared_zombie", "a writer and a reader, a request executed after EIO, expiry", {once, reads}, sharing)
      .zombies = 1;
  share("shared_three", "a writer and two readers", {once, reads, reads}, sharing).jumps = 0;
  share("shared_upgrade", "two readers that want to write, expiry",
        {{lock_shared, upgrade, unlock}, {lock_shared, upgrade, unlock}}, sharing);
  share("shared_downgrade", "a writer that becomes a reader, and another writer, a repeated request, expiry",
        {{lock, downgrade, unlock}, once}, sharing)
      .repeated = 1;
  return all;
}

}  // namespace

const std::vector<Configuration>& configurations() {
  static const std::vector<Configuration> all = make_configurations();
  return all;
}

}  // namespace leaselock::sim
