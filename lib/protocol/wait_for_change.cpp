#include "protocol/wait_for_change.hpp"

#include <algorithm>

namespace leaselock::protocol {
namespace {

constexpr auto sweep_interval = std::chrono::hours(1);
constexpr auto long_wait = std::chrono::seconds(5);

}  // namespace

void WaitForChange::begin(const Session& session, LeaseTime now, LeaseTime give_up_at) {
  began_ = now;
  give_up_at_ = give_up_at;
  poll_ = session.timing.first_poll;
}

void WaitForChange::note(const Session& session, const Scan& scan) {
  listed_ = scan.seen();
  if (scan.changed() != ServerTime{}) listed_change_ = scan.changed();
  settled_ = session.anchor &&
             estimate(*session.anchor, listed_) > listed_change_ + session.timing.bounds.stamp_error;
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
      if (result.error == 0 && result.status.changed == listed_change_ && settled_) return end(Outcome::unchanged);
      if (result.error == 0) listed_change_ = result.status.changed;
      return end(Outcome::look, {.nudge = false, .is_fresh = result.error == 0, .may_create = true});
  }
  return std::nullopt;
}

Next WaitForChange::sleep(Session& session, LeaseTime now) {
  phase_ = Phase::sleeping;
  const LeaseTime wake = std::min({now + session.with_jitter(poll_), until_, give_up_at_});
  poll_ = std::min(poll_ * 2, session.timing.last_poll);
  return step::WaitUntil{std::max(wake, now)};
}

Next WaitForChange::poll(Session& session, LeaseTime now) {
  // A change of our own now and then: NFSv3 clients can miss one made within a tick of their listing.
  const bool nudge = now - listed_ >= session.settings.lifetime / 2;
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
