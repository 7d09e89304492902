#include "world.hpp"

/// What the processes want: some holds with pauses in between, and after the faults have ended one hold more.
namespace leaselock::sim {

using namespace std::chrono_literals;

namespace {

constexpr Duration longest_nap = 58s;  ///< nearly as old as what was learnt of the server's clock may get

}  // namespace

void World::next_after(Process& process, Duration length) {
  schedule(now_ + length, event_for(process, Event::What::next));
}

/// Between two tries.
Duration World::nap() {
  const bool is_long = random_.chance(scenario_.loose_clocks ? 400 : 50);
  return random_.between(Duration(10ms), is_long ? longest_nap : lifetime_ / 3);
}

void World::next(Process& process) {
  if (process.holding) return next_while_holding(process);
  if (process.holds_left > 0 && !healed()) {
    if (random_.chance(60)) return begin(process, random_.chance(500) ? Operation::inspect : Operation::sweep);
    --process.holds_left;
    const std::array<Duration, 5> usual{0s, 2s, lifetime_, 60s, 60s};
    return begin(process, how_to_lock(process), scenario_.patient ? random_.pick(usual) : Duration(10s));
  }
  if (!healed()) return next_after(process, heal_ - now_ + random_.between(Duration::zero(), Duration(1s)));
  process.final_round = true;
  // A flufl.lock waiter's claim expires while it waits, so that its users had better not wait for ever.
  const bool impatient = process.kind == Kind::flufl && !scenario_.patient;
  begin(process, how_to_lock(process), impatient ? std::optional<Duration>(10s) : std::nullopt);
}

Operation World::how_to_lock(const Process& process) {
  switch (scenario_.purpose.kind) {
    case LockKind::shared_lock:
      return random_.chance(650) ? Operation::lock_shared : Operation::lock;
    case LockKind::semaphore:
      // Who crashed while it removed the semaphore may have left fewer slots than there should be.
      return random_.chance(350) && !(process.final_round && scenario_.destroys) ? Operation::lock_all
                                                                                 : Operation::lock;
    case LockKind::lock:
      break;
  }
  return Operation::lock;
}

/// A reader who wants to write, or a writer who has written.
std::optional<Operation> World::change_of_mind(const Process& process) {
  const std::vector<Belief> beliefs = process.contender->beliefs();
  if (scenario_.purpose.kind != LockKind::shared_lock || beliefs.empty() || !random_.chance(200)) return std::nullopt;
  return beliefs.front().shared ? Operation::upgrade : Operation::downgrade;
}

void World::next_while_holding(Process& process) {
  if (process.judge) return next_while_kept(process);
  if (now_ >= process.hold_until) {
    process.holding = false;
    const bool destroys = scenario_.destroys && process.kind == Kind::fenced && random_.chance(500);
    return begin(process, destroys ? Operation::destroy : Operation::unlock);
  }
  const Duration left = process.hold_until - now_;
  const Duration nap = lifetime_ / 3;
  if (random_.chance(50)) return begin(process, Operation::inspect);
  if (const auto change = change_of_mind(process)) return begin(process, *change);
  if (process.refresh_due) {
    process.refresh_due = false;
    const Duration least = scenario_.local ? Duration(100ms) : Duration(5s);
    const bool shorter = scenario_.faults == FaultLevel::all && random_.chance(200);
    return begin(process, Operation::refresh,
                 shorter ? std::optional<Duration>(random_.between(least, lifetime_)) : std::nullopt);
  }
  process.refresh_due = process.refreshes && nap < left;
  next_after(process, std::min(nap, left));
}

void World::ended(Process& process) {
  const Ending ending = process.contender->ending();
  process.waiting = false;
  if (tracing_) note(process, to_string(process.operation) + " ended: " + process.contender->error_text());
  check_ending(process, ending);
  switch (process.operation) {
    case Operation::lock:
    case Operation::lock_shared:
    case Operation::lock_all:
      if (ending == Ending::done) {
        process.holding = true;
        process.taken = disk_.lock_file(server_);
        process.refresh_due = false;
        process.refreshes = !scenario_.holders_overstay || random_.chance(700);
        Duration hold = random_.chance(500) ? random_.between(Duration::zero(), lifetime_ / 4)
                                            : random_.between(Duration::zero(), lifetime_ * 2);
        if (process.final_round) hold = 100ms;
        if (process.final_round && scenario_.kept) hold = lifetime_;
        process.hold_until = now_ + hold;
        if (scenario_.kept) begin_keeping(process);
        return next_after(process, 1us);
      }
      // "Already locked", after a lost reply: flufl.lock's user gets an exception, and its lock file stays behind.
      if (ending == Ending::failed && process.kind == Kind::flufl) return crash(process);
      return next_after(process, nap());
    case Operation::refresh:
      if (process.judge) {
        refreshed(process);
        return next_after(process, 1us);
      }
      // After an error some rely on the old deadline and do not try again.
      if (ending == Ending::failed && random_.chance(500)) process.refreshes = false;
      // A user who is told that the lock is lost stops; on any other error it goes on until its deadline.
      if (ending == Ending::lost) process.hold_until = now_;
      return next_after(process, 1us);
    case Operation::upgrade:
    case Operation::downgrade:
      if (ending == Ending::lost) process.hold_until = now_;
      return next_after(process, 1us);
    case Operation::unlock:
    case Operation::destroy:
      if (process.final_round && ending == Ending::done) return begin(process, Operation::close);
      return next_after(process, nap());
    case Operation::close:
      process.finished = true;
      return;
    default:
      return next_after(process, 1ms);
  }
}

}  // namespace leaselock::sim
