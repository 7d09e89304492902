#include "protocol/wait_for_change.hpp"

#include <algorithm>

namespace leaselock::protocol {
namespace {

constexpr auto sweep_interval = std::chrono::hours(1);
constexpr auto long_wait = std::chrono::seconds(5);
constexpr auto longest_doubt = std::chrono::seconds(5);
constexpr auto longest_watch = std::chrono::seconds(1);  // should a wake-up ever be missed

}  // namespace

void WaitForChange::begin(LeaseTime now, LeaseTime give_up_at) {
  began_ = now;
  give_up_at_ = give_up_at;
  changed_hands_ = advanced_ = now;
  pace_ = Duration::zero();
}

void WaitForChange::note(const Session& session, const Scan& scan, std::size_t place) {
  listed_ = scan.seen();
  if (scan.changed() != ServerTime{}) listed_change_ = scan.changed();
  if (scan.links() != 0) links_ = scan.links();
  settled_ = session.anchor && estimate(*session.anchor, listed_) > listed_change_ + session.timing.bounds.stamp_error;
  if (pace_ == Duration::zero()) {
    // A guess until something was seen of it: some ten requests, one after another.
    const Duration round_trip = session.anchor ? session.anchor->received - session.anchor->sent : Duration::zero();
    pace_ = session.timing.first_poll + 10 * std::min(round_trip, session.timing.first_place_poll);
  }
  if (scan.baton()->number != number_) changed_hands_ = listed_;
  number_ = scan.baton()->number;
  held_ = scan.baton()->held;
  advance(place, listed_);
}

void WaitForChange::advance(std::size_t place, LeaseTime now) {
  // Quick to believe that the queue moves, slow to believe that it stands: what was a long hold says little of the
  // next.
  if (place < place_) pace_ = std::min((now - advanced_) / static_cast<std::int64_t>(place_ - place), 2 * pace_);
  if (place != place_) advanced_ = now;
  place_ = place;
}

Next WaitForChange::start(Session& session, LeaseTime now, LeaseTime until) {
  if (now >= give_up_at_) return end(Outcome::timed_out);
  until_ = until;
  // Listing a large directory is not free, so only who waits for long looks after what others left.
  const bool sweep_due = !session.last_sweep || now - *session.last_sweep > sweep_interval;
  if (now - began_ >= long_wait && sweep_due) {
    phase_ = Phase::sweeping;
    sweep_ = Sweep{};
    if (auto next = sweep_.start(session, now)) return next;
  }
  return show(session, now);
}

/// Keeps the claim's time in the future, by which people see that its owner waits. It is also the time the claim will
/// need when the baton is won, so it costs no request in the end.
Next WaitForChange::show(Session& session, LeaseTime now) {
  if (!session.claim || !session.anchor) return sleep(session, now);
  const ServerTime expiry = estimate(*session.anchor, now) + 2 * session.settings.lifetime;
  if (session.claim->expiry + session.settings.lifetime >= expiry) return sleep(session, now);
  phase_ = Phase::showing;
  return step::Touch{Place::lock_directory, session.claim->name, expiry};
}

Next WaitForChange::resume(Session& session, const Result& result) {
  const LeaseTime now = result.received;
  switch (phase_) {
    case Phase::sweeping:
      if (auto next = sweep_.resume(session, result)) return next;
      return show(session, now);
    case Phase::showing:
      if (result.error == 0) {
        session.claim->status = result.status;
        session.claim->expiry = result.status.modified;
      } else if (is_absent(result.error) || is_denied(result.error)) {
        session.claim.reset();  // a new one is made when it is needed
      }
      return sleep(session, now);
    case Phase::sleeping:
      return poll(session, now);
    case Phase::polling:
      return on_polled(session, result);
  }
  return std::nullopt;
}

Next WaitForChange::on_polled(Session& session, const Result& result) {
  const FileStatus& now = result.status;
  if (result.error == 0 && now.changed == listed_change_ && settled_) return end(Outcome::unchanged);
  // Each ticket is one link of the directory, where the server counts them. Who is far from the front need not list to
  // see that the queue moves, only now and then, because those who come hide those who go.
  const std::size_t left = result.error == 0 && now.links < links_ ? links_ - now.links : 0;
  const bool may_be_near = left == 0 ? now.links <= 2 : left + 1 >= place_;
  const bool listed_lately =
      result.received - listed_ < 4 * session.timing.patience && result.received < std::min(until_, give_up_at_);
  if (result.error == 0 && place_ > 1 && now.links > 2 && !may_be_near && listed_lately) {
    links_ = now.links;
    advance(place_ - left, result.received);
    return sleep(session, result.received);
  }
  if (result.error == 0) {
    listed_change_ = now.changed;
    links_ = now.links;
  }
  return end(Outcome::look, {.nudge = false, .is_fresh = result.error == 0, .may_create = true});
}

/// The first in the queue asks often, in proportion to how long the hold has lasted; those behind it as often as they
/// can expect to come nearer.
Duration WaitForChange::interval(const Session& session, LeaseTime now) const {
  const Timing& timing = session.timing;
  const bool queued = !session.ticket.empty();
  const Duration longest = queued ? timing.first_place_poll : timing.last_poll;
  const Duration first = std::clamp((now - changed_hands_) / 16, timing.first_poll, longest);
  if (!queued || place_ <= 1) return first;
  const Duration pace = std::max(pace_, first / 8);
  return std::clamp(static_cast<std::int64_t>(place_ - 1) * pace, first, timing.last_place_poll);
}

Next WaitForChange::sleep(Session& session, LeaseTime now) {
  phase_ = Phase::sleeping;
  const LeaseTime end = std::min(until_, give_up_at_);
  step::WaitUntil wait{std::max(now, std::min(now + session.with_jitter(interval(session, now)), end))};
  if (session.watching == Place::fence) {
    wait.watching = true;
    wait.until = std::max(now, std::min(now + longest_watch, end));
  }
  // Once it is known that he is gone there is nothing to wake up for.
  const bool lives = held_ && session.holder && session.watch && !session.watch->gone_at;
  if (lives) wait.process = session.process_here(session.holder->owner);
  return wait;
}

Next WaitForChange::poll(Session& session, LeaseTime now) {
  // A change of our own now and then: NFSv3 clients can miss one made within a tick of their listing. Only near the
  // front, because it makes everybody look.
  const Duration doubt = std::min<Duration>(session.settings.lifetime / 2, longest_doubt);
  const bool nudge = now - listed_ >= doubt && place_ <= 1 && !session.timing.wakes;
  if (nudge || session.timing.local || !session.fence_open) {
    return end(Outcome::look, {.nudge = nudge, .is_fresh = false, .may_create = true});
  }
  phase_ = Phase::polling;
  return step::Look{Place::fence, "", true};
}

Next WaitForChange::end(Outcome outcome, ScanRequest scan) {
  outcome_ = outcome;
  scan_ = scan;
  return std::nullopt;
}

}  // namespace leaselock::protocol
