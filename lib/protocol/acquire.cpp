#include "protocol/acquire.hpp"

#include <algorithm>

#include "protocol/mutation.hpp"

namespace leaselock::protocol {
namespace {

constexpr int most_lost_races = 16;
constexpr int most_undone = 3;

}  // namespace

Next Acquire::start(Session& session, LeaseTime now) {
  if (session.holds(now)) return end(Errc::already_locked);
  // A hold whose lease has ended is taken anew, with a new number: our own name in a listing is no hold.
  if (session.opened && session.settings.lifetime < session.timing.smallest_lifetime) {
    return end(Errc::lifetime_too_short);
  }
  session.forget_hold();
  session.lost = false;
  session.holder.reset();
  session.predecessor = Ending::none;
  session.predecessor_baton.reset();
  waiting_.begin(session, now, request_.give_up_at);
  if (request_.by_force) taking_.use_force();
  if (request_.for_removal) taking_.use_next_number();
  phase_ = Phase::opening;
  if (auto next = opening_.start(session)) return next;
  return on_opened(session, now);
}

Next Acquire::resume(Session& session, const Result& result) {
  const LeaseTime now = result.received;
  switch (phase_) {
    case Phase::opening:
      if (auto next = opening_.resume(session, result)) return next;
      if (opening_.error()) return fail(session, now, opening_.error());
      waiting_.start_over(session);
      return on_opened(session, now);

    case Phase::claiming:
      if (auto next = claiming_.resume(session, result)) return next;
      if (claiming_.error()) return fail(session, now, claiming_.error());
      return find_source(session, now);

    case Phase::scanning:
      if (auto next = scan_.resume(session, result)) return next;
      return on_scanned(session, now);

    case Phase::taking:
      if (auto next = taking_.resume(session, result)) return next;
      return on_judged(session, now);

    case Phase::mirroring:
      if (auto next = mirror_.resume(session, result)) return next;
      return on_mirrored(session, now);

    case Phase::undoing:
      if (auto next = undoing_.resume(session, result)) return next;
      return on_undone(session, now);

    case Phase::waiting:
      if (auto next = waiting_.resume(session, result)) return next;
      return on_waited(session, now);
  }
  return std::nullopt;
}

void Acquire::give_up() {
  request_.give_up_at = LeaseTime::min();
  mirror_.give_up();
  waiting_.give_up();
}

Next Acquire::on_opened(Session& session, LeaseTime now) {
  if (!session.settings.fenced) return mirror(session, now);
  if (!session.settings.mirror || session.claim) return find_source(session, now);
  // Before anything is taken: what keeps the claim from being made is found out while there is nothing to give back.
  phase_ = Phase::claiming;
  return claiming_.start(session);
}

/// 5.2 step 2.
Next Acquire::find_source(Session& session, LeaseTime now) {
  const auto left = session.names.parse_baton(session.last_free);
  if (left && session.guess_is_good && session.fence_open) {
    phase_ = Phase::taking;
    if (auto next = taking_.start_guessing(session, *left, now)) return next;
    return on_judged(session, now);
  }
  // The first nudge is the first anchor as well.
  return scan(session, {.nudge = session.anchor_is_old(now), .may_create = true});
}

Next Acquire::scan(Session& session, ScanRequest request) {
  phase_ = Phase::scanning;
  return scan_.start(session, request);
}

Next Acquire::on_scanned(Session& session, LeaseTime now) {
  if (scan_.error()) return fail(session, now, scan_.error());
  if (!scan_.baton()) return fail(session, now, Errc::fence_damaged);
  waiting_.note(session, scan_);
  if (scan_.name() == session.last_free) session.guess_is_good = true;
  if (!session.watch || session.watch->name != scan_.name()) waiting_.start_over(session);
  phase_ = Phase::taking;
  if (auto next = taking_.start(session, *scan_.baton(), scan_.name(), scan_.seen(), now)) return next;
  return on_judged(session, now);
}

/// 5.2 steps 3 and 5.
Next Acquire::on_judged(Session& session, LeaseTime now) {
  switch (taking_.outcome()) {
    case TakeBaton::Outcome::taken:
      if (session.hold->owner) return end({});  // a deliberate bug only
      return session.settings.mirror ? mirror(session, now) : last_look(session, now);
    case TakeBaton::Outcome::held:
      return wait(session, now, taking_.until());
    case TakeBaton::Outcome::outrun:
    case TakeBaton::Outcome::replaced:
      if (++lost_races_ % most_lost_races == 0) return wait(session, now, now + session.timing.last_poll);
      return scan(session, {.nudge = true, .may_create = true});
    case TakeBaton::Outcome::failed:
      return fail(session, now, taking_.error());
  }
  return std::nullopt;
}

/// 5.2 step 7; all of it in compat mode.
Next Acquire::mirror(Session& session, LeaseTime now) {
  phase_ = Phase::mirroring;
  if (auto next = mirror_.start(session, now, request_.give_up_at, request_.by_force)) return next;
  return on_mirrored(session, now);
}

Next Acquire::on_mirrored(Session& session, LeaseTime now) {
  const bool fenced = session.settings.fenced;
  switch (mirror_.outcome()) {
    case TakeMirror::Outcome::taken:
      if (!fenced) session.hold = Hold{{}, 0, {}, session.claim->deadline, false, true};
      session.hold->mirrored = true;
      if (!fenced) session.predecessor = mirror_.broke() ? Ending::expired : Ending::none;
      return last_look(session, now);
    case TakeMirror::Outcome::lost:
      return scan(session, {.nudge = true, .may_create = true});
    case TakeMirror::Outcome::timed_out:
      return fenced ? undo(session, now, Errc::timed_out) : end(Errc::timed_out);
    case TakeMirror::Outcome::failed:
      return fenced ? undo(session, now, mirror_.error()) : fail(session, now, mirror_.error());
  }
  return std::nullopt;
}

/// 5.2 step 8: the clock is read last of all, so a pause anywhere before has been seen.
Next Acquire::last_look(Session& session, LeaseTime now) {
  Hold& hold = *session.hold;
  if (now < hold.deadline - session.smallest_remainder() || mutated(Bug::no_last_look)) {
    hold.owner = true;
    return end({});
  }
  // A lifetime that its own acquisition uses up, again and again, is too short for this file system.
  return undo(session, now, ++undone_ < most_undone ? std::error_code{} : make_error_code(Errc::lifetime_too_short));
}

Next Acquire::undo(Session& session, LeaseTime now, std::error_code why) {
  undo_reason_ = why;
  phase_ = Phase::undoing;
  if (auto next = undoing_.start(session, now)) return next;
  return on_undone(session, now);
}

Next Acquire::on_undone(Session& session, LeaseTime now) {
  if (undo_reason_) return fail(session, now, undo_reason_);
  if (now >= request_.give_up_at) return end(Errc::timed_out);
  return on_opened(session, now);
}

/// 7.1: until something changes, but not past `until`, when a lease may have run out.
Next Acquire::wait(Session& session, LeaseTime now, LeaseTime until) {
  phase_ = Phase::waiting;
  if (auto next = waiting_.start(session, now, until)) return next;
  return on_waited(session, now);
}

Next Acquire::on_waited(Session& session, LeaseTime now) {
  if (waiting_.outcome() == WaitForChange::Outcome::timed_out) return end(Errc::timed_out);
  if (!session.opened) {
    phase_ = Phase::opening;
    return opening_.start(session);
  }
  if (!session.settings.fenced) return mirror(session, now);
  if (waiting_.outcome() == WaitForChange::Outcome::look) return scan(session, waiting_.scan());
  phase_ = Phase::taking;
  if (auto next = taking_.reconsider(session, now)) return next;
  return on_judged(session, now);
}

Next Acquire::fail(Session& session, LeaseTime now, std::error_code why) {
  const bool gone = why.category() == std::system_category() && is_absent(why.value());
  if (gone && session.opened && !reopened_) {
    // The directory was removed and made anew, or mounted anew, since this object opened it.
    reopened_ = true;
    session.forget_directory();
    phase_ = Phase::opening;
    return opening_.start(session);
  }
  const auto& passing = session.settings.retry_errnos;
  const bool retry = why.category() == std::system_category() && std::ranges::find(passing, why.value()) != passing.end();
  if (retry && now < request_.give_up_at) return wait(session, now, now + session.timing.last_poll);
  return end(why);
}

Next Acquire::end(std::error_code error) {
  error_ = error;
  return std::nullopt;
}

}  // namespace leaselock::protocol
