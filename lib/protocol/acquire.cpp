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

    case Phase::stamping:
    case Phase::judging:
      if (is_absent(result.error)) return scan(session, {.nudge = true, .may_create = true});
      if (result.error != 0) return fail(session, now, os_error(result.error));
      session.take_anchor(result);
      stamped_ = true;
      return phase_ == Phase::stamping ? take(session, now) : judge(session, now);

    case Phase::taking:
      return on_taken(session, result);
    case Phase::cleaning:
      return end(error_);

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
    guessing_ = true;
    source_ = *left;
    source_name_ = session.last_free;
    ending_ = Ending::released;
    return take(session, now);
  }
  // The first nudge is the first anchor as well.
  return scan(session, {.nudge = session.anchor_is_old(now), .may_create = true});
}

Next Acquire::scan(Session& session, ScanRequest request) {
  guessing_ = false;
  stamped_ = false;
  phase_ = Phase::scanning;
  return scan_.start(session, request);
}

Next Acquire::on_scanned(Session& session, LeaseTime now) {
  if (scan_.error()) return fail(session, now, scan_.error());
  if (!scan_.baton()) return fail(session, now, Errc::fence_damaged);
  source_ = *scan_.baton();
  source_name_ = scan_.name();
  waiting_.note(session, scan_);
  if (source_name_ == session.last_free) session.guess_is_good = true;
  return decide(session, now);
}

/// 5.2 step 3.
Next Acquire::decide(Session& session, LeaseTime now) {
  const bool ours = source_.held && source_.owner.same_object(session.me);
  if (ours && mutated(Bug::owns_by_listing)) {
    session.hold = Hold{source_, source_.sequence, {}, now + source_.lifetime(), true, false};
    return end({});
  }
  if (!source_.held || ours) {
    ending_ = !ours && source_.number != 0 ? Ending::released : Ending::none;
    return take(session, now);
  }
  if (!session.watch || session.watch->name != source_name_) {
    session.watch = Watch{source_name_, scan_.seen()};
    waiting_.start_over(session);
  }
  session.holder = source_;
  return judge(session, now);
}

/// May the name of another be broken? By a stamp of our own (4.4) or by having watched it for a lease (4.5).
Next Acquire::judge(Session& session, LeaseTime now) {
  if (request_.by_force) {
    ending_ = Ending::forced;
    return take(session, now);
  }
  ending_ = Ending::expired;
  const ClockBounds& bounds = session.timing.bounds;
  if (!session.settings.trust_server_clock) {
    const LeaseTime patience = session.watch->first_seen + longest(source_.lifetime(), bounds);
    return now >= patience ? take(session, now) : wait(session, now, patience);
  }
  ClockBounds used = bounds;
  if (mutated(Bug::breaks_at_expiry)) used.grace = -source_.lifetime() / 2;
  if (session.anchor && may_break(source_.expiry(), session.anchor->stamp, used)) {
    if (mutated(Bug::takes_whatever_is_held)) {
      request_.by_force = true;
      return scan(session, {.nudge = true, .may_create = true});
    }
    return take(session, now);
  }
  if (!session.anchor) return stamp(Phase::judging);
  const LeaseTime ask = worth_asking(*session.anchor, source_.expiry() + used.grace);
  if (ask > now) return wait(session, now, ask);
  if (mutated(Bug::breaks_by_own_clock)) return take(session, now);
  if (stamped_) return wait(session, now, now + session.timing.first_poll);
  return stamp(Phase::judging);
}

Next Acquire::stamp(Phase phase) {
  phase_ = phase;
  return step::Touch{Place::fence, "", std::nullopt};
}

/// 5.2 step 5.
Next Acquire::take(Session& session, LeaseTime now) {
  const bool fresh_baton = !source_.held && source_.number == 0;
  const bool must_stamp = fresh_baton && !stamped_ && !mutated(Bug::first_number_from_old_stamp);
  if (session.anchor_is_old(now) || must_stamp) return stamp(Phase::stamping);

  const Duration lifetime = session.settings.lifetime;
  next_ = Baton{};
  next_.slot = source_.slot;
  next_.held = true;
  next_.number =
      request_.for_removal ? source_.number + 1 : next_number(source_.number, session.anchor->stamp);
  const bool ours = source_.held && source_.owner.same_object(session.me);
  if (mutated(Bug::keeps_number_of_own_name) && ours) next_.number = source_.number;
  if (mutated(Bug::names_recur)) next_.number = 1;
  next_.expiry_ms = choose_expiry(*session.anchor, now, lifetime);
  next_.lifetime_ms = std::chrono::ceil<std::chrono::milliseconds>(lifetime).count();
  next_.owner = session.me;
  next_.wanted = source_.held && source_.wanted;
  next_deadline_ = deadline(*session.anchor, now, lifetime, next_.expiry(), session.timing.bounds);
  phase_ = Phase::taking;
  return step::Rename{Place::fence, source_name_, session.names.baton(next_)};
}

Next Acquire::on_taken(Session& session, const Result& result) {
  const LeaseTime now = result.received;
  if (result.error == 0) {
    session.hold = Hold{next_, 0, {{0, next_deadline_}}, next_deadline_, false, false};
    if (mutated(Bug::deadline_from_reply)) session.hold->deadline = now + session.settings.lifetime;
    session.watch.reset();
    session.predecessor = ending_;
    if (source_.held) session.predecessor_baton = source_;
    return session.settings.mirror ? mirror(session, now) : last_look(session, now);
  }
  if (is_absent(result.error)) {
    // Somebody was first, or our own request was and its reply got lost, or a cache lied: a forced scan tells.
    if (guessing_) session.guess_is_good = false;
    session.last_free.clear();
    if (++lost_races_ % most_lost_races == 0) return wait(session, now, now + session.timing.last_poll);
    return scan(session, {.nudge = true, .may_create = true});
  }
  if (is_occupied(result.error) || result.error == EISDIR) return fail(session, now, Errc::fence_damaged);
  if (mutated(Bug::cleans_up_after_unknown) && session.mirrored()) {
    error_ = os_error(result.error);
    phase_ = Phase::cleaning;
    return step::Unlink{Place::lock_directory, session.names.base()};
  }
  // Unknown: it may still happen. Then the name ages at its E, or the next attempt finds and takes it.
  return fail(session, now, os_error(result.error));
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
  stamped_ = false;
  return decide(session, now);
}

Next Acquire::fail(Session& session, LeaseTime now, std::error_code why) {
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
