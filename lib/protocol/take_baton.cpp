#include "protocol/take_baton.hpp"

#include <algorithm>

#include "protocol/mutation.hpp"

namespace leaselock::protocol {

Next TakeBaton::start(Session& session, const Baton& baton, const std::string& name, LeaseTime seen, LeaseTime now) {
  source_ = baton;
  source_name_ = name;
  guessing_ = false;
  stamped_ = false;
  made_.reset();
  const bool ours = is_ours(session);
  if (ours && mutated(Bug::owns_by_listing)) {
    session.hold = Hold{source_, source_.sequence, {}, now + source_.lifetime(), true, false};
    return end(Outcome::taken);
  }
  // A listed name with our own id, from a request given up earlier, is no hold: it is taken like a free one.
  const bool fresh = !source_.held && source_.number == 0;
  if (ours || fresh || source_name_ == session.last_free) {
    ending_ = ours || fresh ? Ending::none : Ending::released;
    return take(session, now);
  }
  if (!session.watch || session.watch->name != source_name_) session.watch = Watch{source_name_, seen};
  if (source_.held) session.holder = source_;
  return judge(session, now);
}

Next TakeBaton::start_guessing(Session& session, const Baton& baton, LeaseTime now) {
  source_ = baton;
  source_name_ = session.last_free;
  guessing_ = true;
  stamped_ = false;
  ending_ = Ending::released;
  return take(session, now);
}

Next TakeBaton::reconsider(Session& session, LeaseTime now) {
  stamped_ = false;
  return judge(session, now);
}

Next TakeBaton::resume(Session& session, const Result& result) {
  switch (phase_) {
    case Phase::stamping:
    case Phase::judging:
      if (is_absent(result.error)) return end(Outcome::replaced);
      if (result.error != 0) return fail(os_error(result.error));
      session.take_anchor(result);
      stamped_ = true;
      return phase_ == Phase::stamping ? take(session, result.received) : judge(session, result.received);
    case Phase::looking:
      if (is_absent(result.error)) return end(Outcome::outrun);
      if (result.error != 0) return fail(os_error(result.error));
      made_ = result.status.changed;
      return judge(session, result.received);
    case Phase::renaming:
      return on_renamed(session, result);
    case Phase::cleaning:
      return end(Outcome::failed);
  }
  return std::nullopt;
}

/// May the name of another be taken? A free one if it was made promptly (4.7); else when a lease has certainly ended,
/// by a stamp of our own (4.4), or by having watched it for a lease (4.5).
Next TakeBaton::judge(Session& session, LeaseTime now) {
  if (by_force_) {
    ending_ = Ending::forced;
    return take(session, now);
  }
  ending_ = source_.held ? Ending::expired : Ending::released;
  ClockBounds bounds = session.timing.bounds;
  if (!source_.held) {
    // A local kernel has made the name before the caller could be killed.
    if (session.timing.local || mutated(Bug::believes_late_release)) return take(session, now);
    if (!made_) return look();
    if (is_prompt(*made_, source_.sent(), bounds)) return take(session, now);
  }
  if (!session.settings.trust_server_clock) {
    const Duration lease = source_.held ? source_.lifetime() : std::max(source_.lifetime(), session.settings.lifetime);
    const LeaseTime patience = session.watch->first_seen + longest(lease, bounds);
    return now >= patience ? take(session, now) : wait(patience);
  }
  if (mutated(Bug::breaks_at_expiry)) bounds.grace = -source_.lifetime() / 2;
  const ServerTime lease_ends = lease_end(session);
  if (session.anchor && may_break(lease_ends, session.anchor->stamp, bounds)) {
    if (!made_ && !session.timing.local && !mutated(Bug::breaks_by_name_alone)) return look();
    if (!mutated(Bug::takes_whatever_is_held)) return take(session, now);
    by_force_ = true;
    return end(Outcome::outrun);
  }
  if (!session.anchor) return stamp(Phase::judging);
  const LeaseTime ask = worth_asking(*session.anchor, lease_ends + bounds.grace);
  if (ask > now) return wait(ask);
  if (mutated(Bug::breaks_by_own_clock)) return take(session, now);
  return stamped_ ? wait(now + session.timing.first_poll) : stamp(Phase::judging);
}

/// Until when somebody may own the lock. What the name says, if it was made promptly. A rename whose process was killed
/// may be executed late by its host's kernel, and under whatever name the file has by then: it may have hit a hold that
/// is no longer visible, and which was at most a lifetime old at that moment (4.7).
ServerTime TakeBaton::lease_end(const Session& session) const {
  if (!made_ || is_prompt(*made_, source_.sent(), session.timing.bounds)) return source_.expiry();
  return std::max(source_.expiry(), *made_ + std::max(source_.lifetime(), session.settings.lifetime));
}

Next TakeBaton::look() {
  phase_ = Phase::looking;
  return step::Look{Place::fence, source_name_, true};
}

Next TakeBaton::stamp(Phase phase) {
  phase_ = phase;
  return step::Touch{Place::fence, "", std::nullopt};
}

/// 5.2 step 5.
Next TakeBaton::take(Session& session, LeaseTime now) {
  const bool fresh_baton = !source_.held && source_.number == 0;
  const bool must_stamp = fresh_baton && !stamped_ && !mutated(Bug::first_number_from_old_stamp);
  if (session.anchor_is_old(now) || must_stamp) return stamp(Phase::stamping);

  const Duration lifetime = session.settings.lifetime;
  next_ = Baton{};
  next_.slot = source_.slot;
  next_.held = true;
  next_.number = by_next_number_ ? source_.number + 1 : next_number(source_.number, session.anchor->stamp);
  if (mutated(Bug::keeps_number_of_own_name) && is_ours(session)) next_.number = source_.number;
  if (mutated(Bug::names_recur)) next_.number = 1;
  next_.expiry_ms = choose_expiry(*session.anchor, now, lifetime);
  next_.lifetime_ms = std::chrono::ceil<std::chrono::milliseconds>(lifetime).count();
  next_.owner = session.me;
  next_.wanted = source_.held && source_.wanted;
  next_deadline_ = deadline(*session.anchor, now, lifetime, next_.expiry(), session.timing.bounds);
  phase_ = Phase::renaming;
  return step::Rename{Place::fence, source_name_, session.names.baton(next_)};
}

Next TakeBaton::on_renamed(Session& session, const Result& result) {
  if (result.error == 0) {
    session.hold = Hold{next_, 0, {{0, next_deadline_}}, next_deadline_, false, false};
    if (mutated(Bug::deadline_from_reply)) session.hold->deadline = result.received + session.settings.lifetime;
    session.watch.reset();
    session.predecessor = ending_;
    if (source_.held) session.predecessor_baton = source_;
    return end(Outcome::taken);
  }
  if (is_absent(result.error)) {
    // Somebody was first, or our own request was and its reply got lost, or a cache lied: a forced scan tells.
    if (guessing_) session.guess_is_good = false;
    session.last_free.clear();
    return end(Outcome::outrun);
  }
  if (is_occupied(result.error) || result.error == EISDIR) return fail(Errc::fence_damaged);
  if (mutated(Bug::cleans_up_after_unknown) && session.mirrored()) {
    error_ = os_error(result.error);
    phase_ = Phase::cleaning;
    return step::Unlink{Place::lock_directory, session.names.base()};
  }
  // Unknown: it may still happen. Then the name ages at its E, or the next attempt finds and takes it.
  return fail(os_error(result.error));
}

bool TakeBaton::is_ours(const Session& session) const { return source_.held && source_.owner.same_object(session.me); }

Next TakeBaton::wait(LeaseTime until) {
  until_ = until;
  return end(Outcome::held);
}

Next TakeBaton::end(Outcome outcome) {
  outcome_ = outcome;
  return std::nullopt;
}

Next TakeBaton::fail(std::error_code why) {
  error_ = why;
  return end(Outcome::failed);
}

}  // namespace leaselock::protocol
