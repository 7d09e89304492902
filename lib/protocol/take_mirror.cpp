#include "protocol/take_mirror.hpp"

#include <algorithm>

#include "protocol/mutation.hpp"

namespace leaselock::protocol {
namespace {

constexpr int most_hurried = 8;

}  // namespace

Next TakeMirror::start(Session& session, LeaseTime now, LeaseTime give_up_at, bool by_force) {
  by_force_ = by_force;
  waiting_.begin(session, give_up_at);
  refresh_at_ = now + session.settings.lifetime / 3;
  session.mirror_holder.reset();
  session.mirror_expiry.reset();
  return attempt(session, now);
}

Next TakeMirror::attempt(Session& session, LeaseTime now) {
  ++hurried_;
  if (session.settings.fenced && now >= refresh_at_) {
    phase_ = Phase::refreshing;
    if (auto next = refreshing_->start(session, now)) return next;
  }
  if (!session.claim) return make_claim(session);
  const bool compat = !session.settings.fenced;
  if (compat && session.claim->expiry != ServerTime{} && now >= session.claim->deadline &&
      !mutated(Bug::reuses_dead_claim)) {
    // Whoever judged it dead may remove it at any later moment, so a dead claim is never used again (6.4).
    phase_ = Phase::removing_claim;
    return step::Unlink{Place::lock_directory, session.claim->name};
  }
  if (claim_needs_touch(session, now)) return touch(session, now);
  if (mutated(Bug::foreign_judged_by_stat)) {
    phase_ = Phase::looking_at_lock;
    return step::Look{Place::lock_directory, session.names.base(), true};
  }
  phase_ = Phase::linking;
  return step::Link{Place::lock_directory, session.claim->name, session.names.base()};
}

/// At once, unless that was done often enough.
Next TakeMirror::try_again(Session& session, LeaseTime now) {
  return hurried_ < most_hurried ? attempt(session, now) : wait(session, now);
}

bool TakeMirror::claim_needs_touch(const Session& session, LeaseTime now) const {
  const Claim& claim = *session.claim;
  if (claim.expiry == ServerTime{}) return true;
  if (session.settings.fenced) {
    return claim.expiry < session.hold->baton.expiry() && !mutated(Bug::claim_expires_before_lease);
  }
  // Refreshed before the link whenever a good part is gone: a lock file must not be born half expired.
  return claim.deadline - now < session.settings.lifetime / 4 * 3;
}

Next TakeMirror::touch(Session& session, LeaseTime now) {
  const Duration lifetime = session.settings.lifetime;
  ServerTime expiry =
      session.settings.fenced ? session.hold->baton.expiry() + lifetime : estimate(*session.anchor, now) + lifetime;
  if (mutated(Bug::claim_expires_before_lease) && session.settings.fenced) expiry -= 2 * lifetime;
  phase_ = Phase::touching;
  return step::Touch{Place::lock_directory, session.claim->name, expiry};
}

Next TakeMirror::make_claim(Session& session) {
  phase_ = Phase::making_claim;
  return making_.start(session);
}

Next TakeMirror::resume(Session& session, const Result& result) {
  const int error = result.error;
  const LeaseTime now = result.received;
  switch (phase_) {
    case Phase::removing_claim:
      return make_claim(session);
    case Phase::making_claim:
      if (auto next = making_.resume(session, result)) return next;
      if (making_.error()) return fail(making_.error());
      return attempt(session, now);
    case Phase::touching:
      return on_touched(session, result);
    case Phase::linking:
      return on_linked(session, result);
    case Phase::looking_at_claim_alone:
      if (error == 0 && result.status.links >= 2) return end(Outcome::taken);
      if (is_absent(error)) session.claim.reset();
      return try_again(session, now);
    case Phase::looking_at_lock:
      return on_lock_seen(session, result);
    case Phase::looking_at_claim:
      // Equal inode numbers mean something only while our claim still exists: a number may be reused.
      if (is_absent(error)) {
        session.claim.reset();
        return try_again(session, now);
      }
      if (error == 0 && result.status.links >= 2 && same_file(result.status, foreign_)) return end(Outcome::taken);
      return judge(session, now);
    case Phase::identifying:
      if (auto next = identifying_->resume(session, result)) return next;
      return on_identified(session, now);
    case Phase::probing:
      probed_ = true;
      gone_ = error == 0 && result.gone;
      return judge(session, now);
    case Phase::stamping:
      if (session.settings.fenced) {
        if (error == 0) session.take_anchor(result);
        return attempt(session, now);
      }
      return on_touched(session, result);
    case Phase::breaking:
      if (auto next = breaking_->resume(session, result)) return next;
      return on_broken(session, now);
    case Phase::waiting:
      if (auto next = waiting_.resume(session, result)) return next;
      return attempt(session, now);
    case Phase::refreshing:
      if (auto next = refreshing_->resume(session, result)) return next;
      if (refreshing_->outcome() == RefreshBaton::Outcome::lost) return end(Outcome::lost);
      refresh_at_ = now + session.settings.lifetime / 3;
      return attempt(session, now);
  }
  return std::nullopt;
}

Next TakeMirror::on_touched(Session& session, const Result& result) {
  Claim& claim = *session.claim;
  const bool exchanged = result.error == 0 && !same_file(result.status, claim.status);
  if (is_absent(result.error) || is_denied(result.error) || exchanged) {
    // Taken away by a flufl peer, or not our file any more.
    session.claim.reset();
    return try_again(session, result.received);
  }
  if (result.error != 0) return fail(os_error(result.error));
  claim.status = result.status;
  claim.expiry = result.status.modified;
  const bool compat = !session.settings.fenced;
  if (compat || mutated(Bug::stamp_from_claim)) session.take_anchor(result);
  if (compat) claim.deadline = claim_deadline(*session.anchor, claim.expiry, session.timing.bounds);
  --hurried_;
  return attempt(session, result.received);
}

Next TakeMirror::on_linked(Session& session, const Result& result) {
  const int error = result.error;
  if (error == 0) {
    if (result.status.links >= 2) return end(Outcome::taken);
    phase_ = Phase::looking_at_claim_alone;
    return step::Look{Place::lock_directory, session.claim->name, true};
  }
  if (error == EEXIST) {
    looked_ = result.received;
    phase_ = Phase::looking_at_lock;
    return step::Look{Place::lock_directory, session.names.base(), true};
  }
  if (is_absent(error)) {
    session.claim.reset();
    return try_again(session, result.received);
  }
  if (links_refused(error)) return fail(Errc::hard_links_unsupported);
  // Unknown: it may have happened. Only another link tells; a link count does not, because an aside of ours may have
  // been left behind (section 10).
  if (linked_after_error_) return fail(os_error(error));
  linked_after_error_ = true;
  return step::Link{Place::lock_directory, session.claim->name, session.names.base()};
}

Next TakeMirror::on_lock_seen(Session& session, const Result& result) {
  const LeaseTime now = result.received;
  if (is_absent(result.error)) {
    if (mutated(Bug::foreign_judged_by_stat)) {
      phase_ = Phase::linking;
      return step::Link{Place::lock_directory, session.claim->name, session.names.base()};
    }
    return try_again(session, now);
  }
  if (result.error != 0) return wait(session, now);  // unknown means alive and unchanged
  // A link or an unlink changes the time of change, so this sees also that the same holder came back.
  if (result.status.changed != foreign_.changed) waiting_.start_over(session);
  foreign_ = result.status;
  probed_ = gone_ = false;
  looked_ = result.sent;
  if (foreign_.kind != FileKind::regular) return fail(Errc::not_a_lock_file);
  if (same_file(foreign_, session.claim->status) && !mutated(Bug::lost_link_reply_is_foreign)) {
    phase_ = Phase::looking_at_claim;
    return step::Look{Place::lock_directory, session.claim->name, true};
  }
  session.mirror_expiry = foreign_.modified;
  // Inode numbers recur. Where an owner's death counts, so must the one thing that no two lock files share.
  const bool same_time = !session.timing.local || identified_.modified == foreign_.modified;
  const bool known =
      is_identified_ && same_file(identified_, foreign_) && identified_.size == foreign_.size && same_time;
  if (known) return judge(session, now);
  phase_ = Phase::identifying;
  return identifying_->start(session, session.names.base(), foreign_, session.settings.fenced);
}

Next TakeMirror::on_identified(Session& session, LeaseTime now) {
  switch (identifying_->outcome()) {
    case IdentifyClaim::Outcome::stranger:
      return fail(Errc::not_a_lock_file);  // not ours to move, whatever its age
    case IdentifyClaim::Outcome::failed:
      return fail(identifying_->error());
    case IdentifyClaim::Outcome::changed:
      return try_again(session, now);
    case IdentifyClaim::Outcome::claim:
    case IdentifyClaim::Outcome::rewritten:
      break;
  }
  is_identified_ = identifying_->outcome() == IdentifyClaim::Outcome::claim;
  identified_ = identifying_->file();
  foreign_claim_ = identifying_->claim_name();
  // A fenced owner cannot be a valid one, because we hold the baton.
  foreign_is_fenced_ = identifying_->is_fenced();
  session.mirror_holder = identifying_->claim();
  return judge(session, now);
}

Next TakeMirror::judge(Session& session, LeaseTime now) {
  if (same_file(foreign_, session.claim->status) && !mutated(Bug::lost_link_reply_is_foreign)) {
    return wait(session, now);  // our own inode, but not yet certain: look again
  }
  if (hurried_ > most_hurried) return wait(session, now);
  if (foreign_is_fenced_ && same_file(identified_, foreign_)) return break_it(session, false);
  if (by_force_ || gone_) return break_it(session, true);
  if (const auto process = holder(session); process && !probed_) {
    phase_ = Phase::probing;
    return step::ProbeProcess{*process};
  }
  if (mutated(Bug::death_from_link_count) && foreign_.links == 1) return break_it(session, true);
  const ServerTime dead_at = foreign_.modified + session.settings.flufl_slop;
  const bool stamped_before = session.anchor && session.anchor->received <= looked_;
  if (stamped_before && may_break(dead_at, session.anchor->stamp, session.timing.bounds)) {
    return break_it(session, true);
  }
  const bool worth_it = !session.anchor || worth_asking(*session.anchor, dead_at + session.timing.bounds.grace) <= now;
  if (!worth_it) return wait(session, now);
  // The stamp must be older than the look that judges by it (4.6), so look again afterwards.
  const Next ask = session.settings.fenced ? Next(step::Touch{Place::fence, "", std::nullopt}) : touch(session, now);
  phase_ = Phase::stamping;
  return ask;
}

/// The process that linked it, on a file system where the dead do nothing any more (8).
std::optional<step::ProcessId> TakeMirror::holder(const Session& session) const {
  const bool same = is_identified_ && same_file(identified_, foreign_) && identified_.modified == foreign_.modified;
  if (!same || !session.timing.local || !session.mirror_holder->owner) return std::nullopt;
  return session.process_here(*session.mirror_holder->owner);
}

Next TakeMirror::break_it(Session& session, bool elect) {
  phase_ = Phase::breaking;
  return breaking_->start(session, foreign_, foreign_claim_, elect);
}

Next TakeMirror::on_broken(Session& session, LeaseTime now) {
  switch (breaking_->outcome()) {
    case BreakMirror::Outcome::linked:
      return end(Outcome::taken);
    case BreakMirror::Outcome::broken:
      broke_ = true;
      if (!foreign_is_fenced_) ++session.mirrors_broken;  // a fenced one went with its baton
      is_identified_ = false;
      return attempt(session, now);
    case BreakMirror::Outcome::changed:
      is_identified_ = false;
      return try_again(session, now);
    case BreakMirror::Outcome::busy:
      return wait(session, now);
    case BreakMirror::Outcome::failed:
      return fail(breaking_->error());
  }
  return std::nullopt;
}

Next TakeMirror::wait(Session& session, LeaseTime now) {
  if (waiting_.timed_out(now)) return end(Outcome::timed_out);
  hurried_ = 0;
  phase_ = Phase::waiting;
  const LeaseTime until = session.settings.fenced ? std::max(refresh_at_, now) : LeaseTime::max();
  return waiting_.start(session, now, until, gone_ ? std::nullopt : holder(session));
}

Next TakeMirror::end(Outcome outcome) {
  outcome_ = outcome;
  return std::nullopt;
}

Next TakeMirror::fail(std::error_code why) {
  error_ = why;
  return end(Outcome::failed);
}

}  // namespace leaselock::protocol
