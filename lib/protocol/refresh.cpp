#include "protocol/refresh.hpp"

#include <algorithm>

#include "protocol/mutation.hpp"

namespace leaselock::protocol {
namespace {

constexpr int most_rounds = 4;

}  // namespace

Next RefreshBaton::start(Session& session, LeaseTime now) {
  *this = RefreshBaton{};
  if (!session.anchor_is_old(now)) return send(session, now);
  phase_ = Phase::stamping;
  return step::Touch{Place::fence, "", std::nullopt};
}

Next RefreshBaton::send(Session& session, LeaseTime now) {
  Hold& hold = *session.hold;
  const Duration lifetime = session.settings.lifetime;
  tried_ = hold.baton;
  tried_.wanted_by.clear();
  tried_.wanted_ms = 0;  // a waiter's flag, if there is one, is ours from now on
  // Noted as tried before it is sent: a number whose outcome is unknown is never used again.
  const bool reuse = mutated(Bug::reuses_sequence) && hold.highest_tried > hold.baton.sequence;
  tried_.sequence = reuse ? hold.highest_tried : ++hold.highest_tried;
  tried_.expiry_ms = choose_expiry(*session.anchor, now, lifetime);
  const bool lowers = mutated(Bug::refresh_lowers_expiry);
  if (!lowers) tried_.expiry_ms = std::max(tried_.expiry_ms, hold.baton.expiry_ms);
  // Whoever goes by the watch rule waits for the length in the name (4.5). A shorter new one must not end the wait
  // before the old deadline, which still counts if this outcome stays unknown.
  const Duration promised = lowers ? lifetime : std::max(lifetime, hold.deadline - now);
  tried_.lifetime_ms = std::chrono::ceil<std::chrono::milliseconds>(promised).count();
  hold.earned.emplace_back(tried_.sequence,
                           deadline(*session.anchor, now, lifetime, tried_.expiry(), session.timing.bounds));
  phase_ = Phase::renaming;
  tried_name_ = session.names.baton(tried_);
  return step::Rename{Place::fence, hold.name, tried_name_};
}

Next RefreshBaton::resume(Session& session, const Result& result) {
  switch (phase_) {
    case Phase::stamping:
      if (result.error == 0) {
        session.take_anchor(result);
        return send(session, result.received);
      }
      if (!is_absent(result.error)) return end(Outcome::unknown, os_error(result.error));
      return scan(session);
    case Phase::renaming:
      return on_renamed(session, result);
    case Phase::scanning:
      if (auto next = scan_.resume(session, result)) return next;
      return on_scanned(session, result.received);
    case Phase::dating:
      return on_dated(session, result);
  }
  return std::nullopt;
}

Next RefreshBaton::on_renamed(Session& session, const Result& result) {
  const int error = result.error;
  const bool success = error == 0 || (error == ENOENT && mutated(Bug::refresh_trusts_enoent));
  if (success) {
    adopt(session, tried_, tried_name_);
    if (mutated(Bug::deadline_from_reply)) session.hold->deadline = result.received + session.settings.lifetime;
    return end(Outcome::refreshed);
  }
  if (is_absent(error)) {
    if (mutated(Bug::refresh_loses_on_enoent)) return lose(session);
    return scan(session);
  }
  if (is_occupied(error) || error == EISDIR) return end(Outcome::unknown, Errc::fence_damaged);
  return end(Outcome::unknown, os_error(error));
}

Next RefreshBaton::scan(Session& session) {
  phase_ = Phase::scanning;
  return scan_.start(session, {.nudge = true, .slot = session.hold->baton.slot});
}

Next RefreshBaton::on_scanned(Session& session, LeaseTime now) {
  if (scan_.error()) return end(Outcome::unknown, scan_.error());
  const auto& found = scan_.baton();
  const Hold& hold = *session.hold;
  const bool ours = found && found->held && found->number == hold.baton.number && found->owner.same_object(session.me);
  if (!ours) return lose(session);
  // After D somebody may have broken it, and a late flag may have put its name over a successor's (4.7).
  const bool doubtful = session.is_foreign_flag(*found, scan_.name()) && now >= hold.deadline;
  if (!doubtful || mutated(Bug::trusts_every_flag)) return go_on(session, now);
  phase_ = Phase::dating;
  return step::Look{Place::fence, scan_.name(), true};
}

Next RefreshBaton::on_dated(Session& session, const Result& result) {
  if (is_absent(result.error) && ++rounds_ < most_rounds) {
    return scan(session);
  }
  if (result.error != 0) return end(Outcome::unknown, os_error(result.error));
  // Set while nobody could have broken the hold, so it was set on the hold; and a name does not come back.
  const ServerTime safe = std::max(scan_.baton()->expiry(), session.hold->baton.expiry());
  if (result.status.changed <= safe) return go_on(session, result.received);
  return lose(session);
}

/// The listed name is our hold's.
Next RefreshBaton::go_on(Session& session, LeaseTime now) {
  const auto& found = scan_.baton();
  adopt(session, *found, scan_.name());
  if (found->sequence == tried_.sequence && tried_.held) return end(Outcome::refreshed);
  if (++rounds_ >= most_rounds) return end(Outcome::unknown, os_error(EAGAIN));
  if (session.anchor_is_old(now)) {
    phase_ = Phase::stamping;
    return step::Touch{Place::fence, "", std::nullopt};
  }
  return send(session, now);
}

void RefreshBaton::adopt(Session& session, const Baton& baton, const std::string& name) {
  Hold& hold = *session.hold;
  hold.baton = baton;
  hold.name = name;
  // An own name, old or new, earns exactly the deadline of its own sequence number.
  for (const auto& [sequence, earned] : hold.earned) {
    if (sequence == baton.sequence) hold.deadline = earned;
  }
  std::erase_if(hold.earned, [&](const auto& entry) { return entry.first < baton.sequence; });
}

Next RefreshBaton::lose(Session& session) {
  if (!mutated(Bug::deadline_kept_after_loss)) session.forget_hold();
  session.lost = true;
  return end(Outcome::lost);
}

Next RefreshBaton::end(Outcome outcome, std::error_code error) {
  outcome_ = outcome;
  error_ = error;
  return std::nullopt;
}

Next Refresh::start(Session& session, LeaseTime now) {
  if (lifetime_ && *lifetime_ < session.timing.smallest_lifetime) return end(Errc::lifetime_too_short);
  if (lifetime_) {
    // A reader's never becomes longer than its first (RefreshReader), and nobody may plan with more.
    const bool shared = session.hold && session.hold->shared;
    session.settings.lifetime = shared ? std::min<Duration>(*lifetime_, session.hold->baton.lifetime()) : *lifetime_;
  }
  if (!session.hold) return end(session.lost ? Errc::lease_lost : Errc::not_locked);
  if (!session.settings.fenced) return touch_claim(session, now);
  if (session.hold->shared) {
    phase_ = Phase::reader;
    if (auto next = reader_->start(session, now)) return next;
    return end(reader_->error());
  }
  phase_ = Phase::baton;
  return baton_.start(session, now);
}

Next Refresh::resume(Session& session, const Result& result) {
  switch (phase_) {
    case Phase::baton:
      if (auto next = baton_.resume(session, result)) return next;
      if (baton_.outcome() == RefreshBaton::Outcome::lost) return end(Errc::lease_lost);
      if (baton_.outcome() == RefreshBaton::Outcome::unknown) return end(baton_.error());
      return mirror(session);

    case Phase::reader:
      if (auto next = reader_->resume(session, result)) return next;
      return end(reader_->error());

    case Phase::touching:
      // A claim that is given up while it is linked stays at the lock path and ages there.
      if (result.error == ESTALE) return look_again(session);
      if (result.error == ENOENT || is_denied(result.error)) return replace_claim(session);
      if (result.error != 0) return end(os_error(result.error));
      if (!same_file(result.status, session.claim->status)) return replace_claim(session);
      session.claim->status = result.status;
      session.claim->expiry = result.status.modified;
      if (result.status.links >= 2 && session.hold->mirrored) return end({});
      return relink(session);
    case Phase::making_claim:
      if (auto next = making_.resume(session, result)) return next;
      if (making_.error()) return end(Errc::mirror_lost);
      return touch_mirror(session);
    case Phase::relinking:
      if (result.error == 0) {
        session.hold->mirrored = true;
        return end({});
      }
      if (result.error != EEXIST) return end(Errc::mirror_lost);
      phase_ = Phase::looking_at_lock;
      return step::Look{Place::lock_directory, session.names.base(), true};
    case Phase::looking_at_lock:
      session.hold->mirrored = result.error == 0 && same_file(result.status, session.claim->status);
      return end(session.hold->mirrored ? std::error_code{} : make_error_code(Errc::mirror_lost));

    case Phase::touching_claim:
      return on_claim_touched(session, result);
    case Phase::looking_at_claim:
      if (result.error == ENOENT) return session.settings.fenced ? replace_claim(session) : lose(session);
      if (result.error != 0) return end(os_error(result.error));
      return session.settings.fenced ? touch_mirror(session) : touch_claim(session, result.received);
  }
  return std::nullopt;
}

Next Refresh::mirror(Session& session) {
  if (!session.settings.mirror) return end({});
  if (!session.claim) {
    phase_ = Phase::making_claim;
    return making_.start(session);
  }
  const bool enough = session.claim->expiry >= session.hold->baton.expiry() || mutated(Bug::claim_expires_before_lease);
  if (enough && session.hold->mirrored) return end({});
  return touch_mirror(session);
}

/// ESTALE proves nothing about a name: look it up anew, once; then the outcome is unknown and the old lease counts.
Next Refresh::look_again(const Session& session) {
  if (looked_again_) return end(os_error(ESTALE));
  looked_again_ = true;
  phase_ = Phase::looking_at_claim;
  return step::Look{Place::lock_directory, session.claim->name, true};
}

Next Refresh::replace_claim(Session& session) {
  phase_ = Phase::making_claim;
  session.hold->mirrored = false;
  return making_.start(session);
}

Next Refresh::touch_mirror(Session& session) {
  phase_ = Phase::touching;
  return step::Touch{Place::lock_directory, session.claim->name,
                     session.hold->baton.expiry() + session.settings.lifetime};
}

Next Refresh::relink(Session& session) {
  phase_ = Phase::relinking;
  session.hold->mirrored = false;
  return step::Link{Place::lock_directory, session.claim->name, session.names.base()};
}

Next Refresh::touch_claim(Session& session, LeaseTime now) {
  phase_ = Phase::touching_claim;
  return step::Touch{Place::lock_directory, session.claim->name,
                     estimate(*session.anchor, now) + session.settings.lifetime};
}

Next Refresh::on_claim_touched(Session& session, const Result& result) {
  if (result.error == ESTALE) return look_again(session);
  if (result.error == ENOENT || is_denied(result.error)) return lose(session);
  if (result.error != 0) return end(os_error(result.error));
  // A refresh by mtime must never revive a holder: the reply counts only while the old lease runs.
  const bool in_time = result.received < session.hold->deadline || mutated(Bug::refresh_revives);
  // Nor may another file's time count, should somebody have put one in the claim's place.
  if (!same_file(result.status, session.claim->status)) return lose(session);
  if (!in_time || result.status.links < 2) return lose(session);
  session.take_anchor(result);
  Claim& claim = *session.claim;
  claim.status = result.status;
  claim.expiry = result.status.modified;
  claim.deadline = claim_deadline(*session.anchor, claim.expiry, session.timing.bounds);
  session.hold->deadline = claim.deadline;
  return end({});
}

Next Refresh::lose(Session& session) {
  if (!mutated(Bug::deadline_kept_after_loss)) session.forget_hold();
  session.lost = true;
  return end(Errc::lease_lost);
}

Next Refresh::end(std::error_code error) {
  error_ = error;
  return std::nullopt;
}

}  // namespace leaselock::protocol
