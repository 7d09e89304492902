#include "reporter.hpp"

#include <utility>
#include <variant>

#include "failure.hpp"
#include "leaselock/error.hpp"
#include "predecessor.hpp"

namespace leaselock {
namespace {

/// A lock that changes hands all the time must not fill the log of each who waits for it.
constexpr auto least_between_waits = std::chrono::seconds(1);

bool sleeps(const protocol::Step& step) {
  return std::holds_alternative<protocol::step::WaitUntil>(step) ||
         std::holds_alternative<protocol::step::EnterGate>(step);
}

bool same(const protocol::Boxed<Holder>& a, const std::optional<Holder>& b) {
  if (!a || !b) return !a && !b;
  return a->host == b->host && a->pid == b->pid && a->token == b->token;
}

bool was_not_released(PredecessorEnd end) { return end != PredecessorEnd::none && end != PredecessorEnd::released; }

}  // namespace

std::unique_ptr<Reporter> Reporter::make(boost::filesystem::path lockfile, const LockOptions& options,
                                         const ports::Environment& environment) {
  if (!options.on_event && !options.counters) return nullptr;
  return std::unique_ptr<Reporter>(new Reporter(std::move(lockfile), options, environment));
}

Reporter::Reporter(boost::filesystem::path lockfile, const LockOptions& options, const ports::Environment& environment)
    : lockfile_(std::move(lockfile)),
      on_event_(options.on_event),
      counters_(options.counters),
      host_(environment.host) {}

void Reporter::begin_acquire(const Session& session, LeaseTime called, LeaseTime now) {
  if (session.holds(now)) return;  // misuse, which changes nothing
  // Its lease ended and nobody asked: lock() takes it anew.
  if (held_) end_hold(EventKind::lost, Errc::lease_lost, now);
  Attempt attempt;
  attempt.called = called;
  attempt_ = std::move(attempt);
}

void Reporter::next(const protocol::Step& step, const Session& session, LeaseTime now) {
  notice(session);
  if (sleeps(step)) return waits(session, now);
  if (!std::holds_alternative<protocol::step::ProbeProcess>(step)) count(&CounterValues::requests);
}

/// What the last step has changed.
void Reporter::notice(const Session& session) {
  if (attempt_) notice_break(session);
  if (const std::uint32_t more = session.files_swept - std::exchange(files_swept_, session.files_swept); more != 0) {
    count(&CounterValues::files_swept, more);
    if (!on_event_) return;
    Event swept = event(EventKind::swept);
    swept.files = more;
    on_event_(swept);
  }
}

void Reporter::notice_break(const Session& session) {
  const bool taken = session.hold && session.settings.fenced;
  const bool was_taken = std::exchange(attempt_->taken, taken);
  if (taken && !was_taken && session.predecessor == protocol::Ending::expired && session.predecessor_baton) {
    // The same one as before when that attempt had to be undone, or when another slot follows.
    const std::pair victim(session.predecessor_baton->slot, session.predecessor_baton->number);
    if (std::exchange(attempt_->victim, victim) != victim) broke(predecessor_of(session, host_));
  }
  const std::uint32_t before = std::exchange(mirrors_broken_, session.mirrors_broken);
  if (before != session.mirrors_broken) broke(owner_of_mirror(session));
}

Predecessor Reporter::owner_of_mirror(const Session& session) const {
  Predecessor victim{PredecessorEnd::expired, std::nullopt};
  if (!session.mirror_holder) return victim;
  victim.holder = holder_of(*session.mirror_holder, "", session.mirror_expiry);
  const auto& owner = session.mirror_holder->owner;
  if (owner && host_.provably_gone(owner->boot, owner->start, owner->pid)) victim.end = PredecessorEnd::died;
  return victim;
}

void Reporter::broke(const Predecessor& victim) {
  count(victim.end == PredecessorEnd::died ? &CounterValues::breaks_died : &CounterValues::breaks_expired);
  if (on_event_) {
    Event broke = event(EventKind::broke);
    broke.predecessor = victim.end;
    broke.holder = victim.holder;
    on_event_(broke);
  }
  attempt_->broken = victim;
}

void Reporter::waits(const Session& session, LeaseTime now) {
  if (!attempt_) return;  // destroy() may sleep, and waits for nobody
  Attempt& attempt = *attempt_;
  const bool first = !attempt.told;
  if (!first && now - *attempt.told < least_between_waits) return;
  if (first) count(&CounterValues::waits);
  std::optional<Holder> holder = on_event_ ? last_holder(session) : std::nullopt;
  if (!first && same(attempt.holder, holder)) return;
  attempt.told = now;
  attempt.holder = holder;
  if (!on_event_) return;
  Event waiting = event(EventKind::waiting);
  waiting.waited = now - attempt.called;
  waiting.holder = std::move(holder);
  on_event_(waiting);
}

void Reporter::end_acquire(const Session& session, std::error_code error, LeaseTime now) {
  if (!attempt_) return;
  notice(session);
  const Attempt attempt = *std::exchange(attempt_, std::nullopt);
  const Duration waited = now - attempt.called;
  if (error) return end_without(session, error, waited);
  held_ = Held{now, std::nullopt};
  if (session.settings.fenced) held_->token = session.hold->baton.number;
  count(&CounterValues::acquisitions);
  observe(&CounterValues::wait, waited);
  if (!on_event_) return;
  Event acquired = event_of_hold(EventKind::acquired, session, now);
  acquired.held.reset();
  acquired.waited = waited;
  const Predecessor before = attempt.broken ? *attempt.broken : predecessor_of(session, host_);
  acquired.predecessor = before.end;
  if (was_not_released(before.end)) acquired.holder = before.holder;
  on_event_(acquired);
}

void Reporter::end_without(const Session& session, std::error_code error, Duration waited) {
  const bool timed_out = error == Errc::timed_out;
  const bool cancelled = error == Errc::cancelled;
  count(timed_out ? &CounterValues::timeouts : cancelled ? &CounterValues::cancellations : &CounterValues::failures);
  if (!on_event_) return;
  Event ended = event(timed_out || cancelled ? EventKind::gave_up : EventKind::failed);
  ended.waited = waited;
  ended.error = error;
  if (ended.kind == EventKind::gave_up) ended.holder = last_holder(session);
  on_event_(ended);
}

void Reporter::end_refresh(const Session& session, std::error_code error, LeaseTime now) {
  if (!held_) return;
  notice(session);
  if (error == Errc::lease_lost) return end_hold(EventKind::lost, error, now);
  const bool no_mirror = error == Errc::mirror_lost;
  const bool refreshed = !error || no_mirror;
  count(refreshed ? &CounterValues::refreshes : &CounterValues::refresh_failures);
  if (no_mirror) count(&CounterValues::mirror_losses);
  if (!on_event_) return;
  const EventKind kind = no_mirror   ? EventKind::mirror_lost
                         : refreshed ? EventKind::refreshed
                                     : EventKind::refresh_failed;
  Event event = event_of_hold(kind, session, now);
  event.error = error;
  on_event_(event);
}

void Reporter::end_change(EventKind changed, const Session& session, std::error_code error, LeaseTime now) {
  if (!held_) return;
  notice(session);
  if (!session.hold) return end_hold(error == Errc::lease_lost ? EventKind::lost : EventKind::released, error, now);
  if (error) return;  // still held as it was
  held_->token = session.hold->baton.number;
  if (on_event_) on_event_(event_of_hold(changed, session, now));
}

void Reporter::end_release(const Session& session, std::error_code error, LeaseTime now) {
  if (!held_) return;
  notice(session);
  end_hold(error == Errc::lease_lost ? EventKind::lost : EventKind::released, error, now);
}

void Reporter::end_hold(EventKind kind, std::error_code error, LeaseTime now) {
  const Held held = *std::exchange(held_, std::nullopt);
  const bool lost = kind == EventKind::lost;
  count(lost ? &CounterValues::losses : &CounterValues::releases);
  if (error && !lost) count(&CounterValues::release_errors);
  observe(&CounterValues::hold, now - held.since);
  if (!on_event_) return;
  Event ended = event(kind);
  ended.token = held.token;
  ended.held = now - held.since;
  ended.error = error;
  on_event_(ended);
}

void Reporter::forget() {
  held_.reset();
  attempt_.reset();
  mirrors_broken_ = 0;
  files_swept_ = 0;
}

Event Reporter::event(EventKind kind) const {
  Event event;
  event.kind = kind;
  event.time = host_.wall_now();
  event.lockfile = lockfile_;
  return event;
}

Event Reporter::event_of_hold(EventKind kind, const Session& session, LeaseTime now) const {
  Event event = this->event(kind);
  event.token = held_->token;
  event.held = now - held_->since;
  if (session.hold) event.remaining = session.hold->deadline - now;
  return event;
}

void Reporter::count(std::uint64_t CounterValues::*counter, std::uint64_t amount) noexcept {
  if (counters_) counters_->add(counter, amount);
}

void Reporter::observe(Histogram CounterValues::*histogram, Duration length) noexcept {
  if (counters_) counters_->observe(histogram, length);
}

}  // namespace leaselock
