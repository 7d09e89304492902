#include <algorithm>
#include <array>

#include "leaselock/error.hpp"
#include "world.hpp"

/// Holders that keep their lock alive as KeepAlive does: one thread refreshes, which may hang, another judges, and both
/// stand still while the process is stopped. The judgement is the one that ships, and what it says must be true.
namespace leaselock::sim {

using namespace std::chrono_literals;

void World::begin_keeping(Process& process) {
  const LeaseTime now = own(process);
  KeepAliveOptions options;
  options.margin = lifetime_ / random_.between(3, 8);
  options.patience = random_.pick(std::array<Duration, 3>{0s, lifetime_ / 6, lifetime_});
  if (random_.chance(300)) options.stop_at = LeaseState::lost;
  process.judge.emplace(options, lifetime_, process.contender->belief()->deadline, now);
  process.kept_token = process.contender->belief()->token;
  look(process);
}

/// What the refreshing thread does next; what it does under the lock needs no time here.
void World::next_while_kept(Process& process) {
  keep::LeaseJudge& judge = *process.judge;
  if (now_ >= process.hold_until || judge.must_stop()) {
    process.judge.reset();
    process.holding = false;
    return begin(process, Operation::unlock);
  }
  if (judge.refresh_at() <= own(process)) {
    judge.sent(own(process));
    return begin(process, Operation::refresh);
  }
  const TrueTime due = std::min(true_time(process, judge.refresh_at()), process.hold_until);
  next_after(process, std::clamp<Duration>(due - now_, 1us, 1s));
}

void World::refreshed(Process& process) {
  const auto belief = process.contender->belief();
  process.judge->answered(process.contender->engine()->error(), belief ? belief->deadline : LeaseTime{}, own(process));
  look(process);
}

/// What the judging thread does: at its own time, and when a refresh was answered.
void World::look(Process& process) {
  keep::LeaseJudge& judge = *process.judge;
  const LeaseTime now = own(process);
  const LeaseState before = judge.state();
  judge.look(now);
  if (tracing_ && judge.state() != before) note(process, "judges its lease: " + to_string(judge.state()));
  check_judgement(process, before, now);
  if (judge.state() == LeaseState::lost) return;
  Event event = event_for(process, Event::What::look);
  event.sleep = ++process.looks;
  schedule(std::max(now_ + 1us, true_time(process, judge.look_at())), std::move(event));
}

void World::check_judgement(const Process& process, LeaseState before, LeaseTime now) {
  const keep::LeaseJudge& judge = *process.judge;
  const auto belief = process.contender->belief();
  const std::string who =
      "process " + std::to_string(process.number) + " judges its lease " + to_string(judge.state()) + ", ";
  // What a refresh has reached is known when it has ended.
  const bool refreshes = judge.report(now).unanswered.has_value();
  const bool may_act = belief && now < (refreshes ? process.deadline_before : belief->deadline);
  if (judge.state() == LeaseState::held && !may_act) disk_.report(who + "and must not act any more");
  // Also a lease that is found after its end is ours only if nobody else had it meanwhile.
  if (judge.state() == LeaseState::held && exclusion_.highest_token() != process.kept_token) {
    disk_.report(who + "and somebody else has had the lock since");
  }
  const bool is_news = judge.state() != before;
  const bool was_told = process.contender->engine()->error() == judge.loss();
  if (is_news && judge.state() == LeaseState::lost && may_act && !was_told) disk_.report(who + "and may act");
  // Coarse stamps and loose clocks may leave little of a short lease.
  const bool is_calm = process.final_round && granularity_ < 100ms && drift_ppm_ == 1000;
  if (is_news && before == LeaseState::held && is_calm) {
    disk_.report(who + "although nothing is wrong");
  }
}

}  // namespace leaselock::sim
