#include "protocol/wait_for_change.hpp"

#include <algorithm>

namespace leaselock::protocol {
namespace {

constexpr auto sweep_interval = std::chrono::hours(1);
constexpr auto long_hold = std::chrono::seconds(5);
constexpr auto longest_doubt = std::chrono::seconds(5);
constexpr auto longest_watch = std::chrono::seconds(1);  // should a wake-up ever be missed
constexpr auto longest_unlisted = std::chrono::minutes(1);

/// How far apart two changes are whose times certainly differ. Kernels count time in ticks of 1 to 10 ms; where two
/// times show no fraction of a second the file system has none, or none but of two seconds.
Duration tick(const Session& session, ServerTime seen) {
  const auto is_whole = [](ServerTime time) {
    return time.time_since_epoch() % std::chrono::seconds(1) == Duration(0);
  };
  const bool coarse = is_whole(seen) && session.anchor && is_whole(session.anchor->stamp);
  return coarse ? Duration(std::chrono::seconds(2)) : Duration(std::chrono::milliseconds(20));
}

}  // namespace

void WaitForChange::begin(LeaseTime now, LeaseTime give_up_at) {
  give_up_at_ = give_up_at;
  changed_hands_ = now;
  place_ = PlaceInQueue{};
}

void WaitForChange::note(Session& session, const Scan& scan, const Standing& standing) {
  listed_ = scan.seen();
  if (scan.changed() != ServerTime{}) {
    listed_change_ = scan.changed();
    dated_ = scan.dated();
  }
  settled_ = session.anchor && estimate(*session.anchor, dated_) > listed_change_ + tick(session, listed_change_);
  std::uint64_t number = 0;  // grows with every hold of any slot
  held_ = true;
  for (const FoundBaton& found : scan.batons()) {
    number = std::max(number, found.baton.number);
    held_ = held_ && found.baton.held;
  }
  if (number != number_) changed_hands_ = listed_;
  number_ = number;
  place_.listed(session, scan, standing, listed_change_);
}

Next WaitForChange::start(Session& session, LeaseTime now, LeaseTime until) {
  if (now >= give_up_at_) return end(Outcome::timed_out);
  until_ = until;
  // Looking after what others left costs a request for each file, so only the first does it, and only during a long
  // hold: it must not come in the way of a hand-off.
  const bool sweep_due = !session.last_sweep || now - *session.last_sweep > sweep_interval;
  if (place_.ahead() == 0 && now - changed_hands_ >= long_hold && sweep_due) {
    phase_ = Phase::sweeping;
    if (auto next = sweep_.anew()->start(session, now)) return next;
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
      if (auto next = sweep_->resume(session, result)) return next;
      return show(session, now);
    case Phase::showing:
      if (result.error == 0 && same_file(result.status, session.claim->status)) {
        session.claim->status = result.status;
        session.claim->expiry = result.status.modified;
      } else if (result.error == 0 || is_absent(result.error) || is_denied(result.error)) {
        session.claim.reset();  // a new one is made when it is needed
      }
      return sleep(session, now);
    case Phase::sleeping:
      return poll(session, now);
    case Phase::polling:
      return on_polled(session, result);
    case Phase::asking:
      if (result.error != 0) return look();
      place_.stands();
      return sleep(session, now);
    case Phase::renewing:
      if (result.error == 0) session.take_anchor(result);
      return sleep(session, now);
  }
  return std::nullopt;
}

Next WaitForChange::on_polled(Session& session, const Result& result) {
  if (result.error != 0) return end(Outcome::look, {.nudge = false, .is_fresh = false, .may_create = true});
  const LeaseTime now = result.received;
  const bool is_far = place_.is_far() && now - listed_ < longest_unlisted && now < std::min(until_, give_up_at_);
  const auto advice = place_.polled(result.status, now);
  if (!is_far) return result.status.changed == listed_change_ ? end(Outcome::unchanged) : look();
  if (advice == PlaceInQueue::Advice::list) return look();
  if (advice == PlaceInQueue::Advice::sleep) return sleep(session, now);
  phase_ = Phase::asking;
  return step::Look{Place::fence, place_.first(), true};
}

/// The first in the queue asks often, in proportion to how long the hold has lasted; those behind it as often as they
/// can expect to come nearer.
Duration WaitForChange::interval(const Session& session, LeaseTime now) const {
  const Timing& timing = session.timing;
  const bool queued = !session.ticket.empty();
  const Duration longest = queued ? timing.first_place_poll : timing.last_poll;
  const Duration first = std::clamp((now - changed_hands_) / 16, timing.first_poll, longest);
  if (!queued || !place_.is_far()) return first;
  return std::clamp(place_.until_near(first / 8), first, timing.last_place_poll);
}

Next WaitForChange::sleep(Session& session, LeaseTime now) {
  phase_ = Phase::sleeping;
  const LeaseTime end = std::min(until_, give_up_at_);
  Duration length = session.with_jitter(interval(session, now));
  if (renewed_ > listed_) length = std::max(length, tick(session, listed_change_));
  step::WaitUntil wait{std::max(now, std::min(now + length, end))};
  if (session.watching == Place::fence) {
    wait.watching = true;
    wait.until = std::max(now, std::min(now + longest_watch, end));
  }
  // Once it is known that he is gone there is nothing to wake up for.
  const Watch* watch = session.holder ? session.find_watch(session.holder->slot) : nullptr;
  // And who is far from the front does not ask, so it would wake up for the same death again and again.
  const bool lives = held_ && watch != nullptr && !watch->gone_at && !place_.is_far();
  if (lives) wait.process = session.process_here(session.holder->owner);
  return wait;
}

Next WaitForChange::poll(Session& session, LeaseTime now) {
  // A change of our own now and then, because NFSv3 clients miss one that was made within a tick of their listing. Only
  // near the front, because it makes everybody look.
  const Duration doubt = std::min<Duration>(session.settings.lifetime / 2, longest_doubt);
  const bool nudge = !settled_ && now - listed_ >= doubt && !place_.is_far() && !session.timing.wakes;
  if (nudge || session.timing.local || !session.fence_open) {
    return end(Outcome::look, {.nudge = nudge, .is_fresh = false, .may_create = true});
  }
  // And by the first at once after a listing of which that may be true. The poll after this sees a change, and what it
  // lists then is old enough.
  const bool is_first = place_.ahead() == 0 && !session.ticket.empty();
  if (is_first && now < give_up_at_ && !settled_ && renewed_ < listed_ &&
      now - renewed_ > tick(session, listed_change_)) {
    renewed_ = now;
    phase_ = Phase::renewing;
    return step::Touch{Place::fence, "", std::nullopt};
  }
  phase_ = Phase::polling;
  return step::Look{Place::fence, "", true};
}

/// After a poll, which has made sure that the listing is none from a cache.
Next WaitForChange::look() {
  listed_change_ = place_.changed();
  dated_ = place_.polled_at();
  return end(Outcome::look, {.nudge = false, .is_fresh = true, .may_create = true});
}

Next WaitForChange::end(Outcome outcome, ScanRequest scan) {
  outcome_ = outcome;
  scan_ = scan;
  return std::nullopt;
}

}  // namespace leaselock::protocol
