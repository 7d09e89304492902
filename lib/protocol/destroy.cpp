#include "protocol/destroy.hpp"

#include <algorithm>

namespace leaselock::protocol {
namespace {

constexpr int most_rounds = 20;

}  // namespace

Next Destroy::start(Session& session, LeaseTime now) {
  if (!session.hold) {
    releasing_.start(session, now);
    error_ = releasing_.error();
    return std::nullopt;
  }
  Hold& hold = *session.hold;
  deadline_ = hold.deadline;
  // A reader is no owner of what others may be reading.
  if (!session.settings.fenced || hold.shared) return release(session, now);
  for (Hold& other : session.more) other.owner = false;
  hold.owner = false;
  hold.deadline = LeaseTime{};
  if (hold.mirrored) {
    hold.mirrored = false;
    phase_ = Phase::leaving_mirror;
    if (auto next = leaving_.start(session, now, deadline_)) return next;
  }
  return list(session);
}

Next Destroy::list(Session& /*session*/) {
  phase_ = Phase::listing;
  return step::List{Place::fence};
}

Next Destroy::resume(Session& session, const Result& result) {
  switch (phase_) {
    case Phase::leaving_mirror:
      if (auto next = leaving_.resume(session, result)) return next;
      error_ = leaving_.error();
      if (leaving_.lost()) {
        session.forget_hold();
        session.lost = false;
        error_ = Errc::lease_lost;
        return remove_claim(session);
      }
      deadline_ = std::max(deadline_, session.hold->deadline);
      return list(session);
    case Phase::listing:
      return on_listed(session, result);
    case Phase::aging:
      phase_ = Phase::stamping;
      return step::Touch{Place::fence, "", std::nullopt};
    case Phase::stamping:
      if (result.error != 0) return release(session, result.received);
      session.take_anchor(result);
      return age(session, result.received);
    case Phase::removing_baton:
      // Gone: a lost reply, or the hold had been broken. Releasing finds out which.
      if (result.error != 0) return release(session, result.received);
      return remove_next(session);
    case Phase::releasing:
      if (auto next = releasing_.resume(session, result)) return next;
      if (!error_) error_ = releasing_.error();
      if (!session.settings.fenced) return remove_claim(session);
      phase_ = Phase::removing_fence;
      return step::RemoveDirectory{Place::lock_directory, session.names.fence()};
    case Phase::removing_fence:
      // Works only while it is empty; not empty means that it is in use again.
      if (result.error == 0) session.forget_fence();
      return remove_claim(session);
    case Phase::removing_claim:
      session.claim.reset();
      return remove_gate(session);
    case Phase::removing_gate:
      return std::nullopt;
  }
  return std::nullopt;
}

Next Destroy::on_listed(Session& session, const Result& result) {
  const auto is_held = [&](const std::string& name) {
    return name == session.hold->name || std::ranges::find(session.more, name, &Hold::name) != session.more.end();
  };
  // Somebody waits, or has something of his own in there: then the lock is only given back.
  bool alone = result.error == 0;
  for (const Entry& entry : result.entries) {
    if (is_held(entry.name)) continue;
    const bool ticket = session.names.parse_ticket(entry.name).has_value();
    if (ticket && request_.evict) continue;
    alone = false;
    const bool ours = ticket || session.names.parse_baton(entry.name) || session.names.parse_reader(entry.name);
    if (!ours) error_ = os_error(ENOTEMPTY);
  }
  if (!alone) return release(session, result.received);
  return age(session, result.received);
}

Next Destroy::age(Session& session, LeaseTime now) {
  std::uint64_t number = session.hold->baton.number;
  for (const Hold& other : session.more) number = std::max(number, other.baton.number);
  const ServerTime passed = number_passed(number, session.timing.bounds);
  if (session.anchor->stamp >= passed) {
    phase_ = Phase::removing_baton;
    return step::Unlink{Place::fence, session.hold->name};
  }
  if (rounds_++ == 0) {
    // The anchor may be old, or vague: what it says of now counts only when it is fresh.
    phase_ = Phase::stamping;
    return step::Touch{Place::fence, "", std::nullopt};
  }
  const LeaseTime ask = worth_asking(*session.anchor, passed);
  if (ask - now > 2 * session.timing.bounds.grace + 2 * session.timing.bounds.stamp_error || rounds_ > most_rounds) {
    error_ = os_error(EAGAIN);  // numbers that run ahead of the clock: keep the counter
    return release(session, now);
  }
  phase_ = Phase::aging;
  // Stamps may be coarser than our estimate of them.
  return step::WaitUntil{std::max(ask, now + session.timing.bounds.stamp_error / 4)};
}

/// After one of them was removed.
Next Destroy::remove_next(Session& session) {
  session.forget_hold();
  session.lost = false;
  if (!session.more.empty()) {
    session.hold = std::move(session.more.back());
    session.more.pop_back();
    phase_ = Phase::removing_baton;
    return step::Unlink{Place::fence, session.hold->name};
  }
  phase_ = Phase::removing_fence;
  return step::RemoveDirectory{Place::lock_directory, session.names.fence()};
}

Next Destroy::release(Session& session, LeaseTime now) {
  phase_ = Phase::releasing;
  session.hold->deadline = deadline_;  // what the release judges a vanished name by; the owner flag stays off
  if (auto next = releasing_.start(session, now)) return next;
  if (!error_) error_ = releasing_.error();
  return remove_claim(session);
}

Next Destroy::remove_claim(Session& session) {
  if (!session.claim) return remove_gate(session);
  phase_ = Phase::removing_claim;
  return step::Unlink{Place::lock_directory, session.claim->name};
}

/// Whoever stands at it notices (7.3). Not while the lock goes on.
Next Destroy::remove_gate(Session& session) {
  if (!session.timing.local || session.fence_open || error_) return std::nullopt;
  phase_ = Phase::removing_gate;
  return step::Unlink{Place::lock_directory, session.names.gate()};
}

}  // namespace leaselock::protocol
