#include "protocol/release.hpp"

#include <algorithm>

#include "protocol/mutation.hpp"

namespace leaselock::protocol {
namespace {

constexpr int most_rounds = 4;

std::int64_t milliseconds_of(ServerTime time) {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

}  // namespace

Next Release::start(Session& session, LeaseTime now) {
  if (!session.hold) {
    const bool lost = session.lost;
    session.lost = false;
    error_ = lost ? Errc::lease_lost : Errc::not_locked;
    return std::nullopt;
  }
  Hold& hold = *session.hold;
  deadline_ = hold.deadline;
  // Before anything is sent: whoever asks from now on is told that we hold nothing.
  if (!mutated(Bug::owner_flag_cleared_late)) {
    hold.owner = false;
    hold.deadline = LeaseTime{};
  }
  if (hold.shared) {
    phase_ = Phase::removing_reader;
    return removing_.start(session.timing.local, hold.name);
  }
  if (hold.mirrored) {
    phase_ = Phase::leaving_mirror;
    if (auto next = leaving_.start(session, now, deadline_)) return next;
  }
  return after_mirror(session, now);
}

Next Release::resume(Session& session, const Result& result) {
  switch (phase_) {
    case Phase::leaving_mirror:
      if (auto next = leaving_.resume(session, result)) return next;
      if (leaving_.lost()) return end(session, Errc::lease_lost);
      deadline_ = std::max(deadline_, session.hold->deadline);  // it may have been refreshed on the way
      return after_mirror(session, result.received);
    case Phase::renaming:
      return on_renamed(session, result);
    case Phase::scanning:
      if (auto next = scan_->resume(session, result)) return next;
      return on_scanned(session, result.received);
    case Phase::dating:
      return on_dated(session, result);
    case Phase::removing_reader:
      if (auto next = removing_.resume(result)) return next;
      return on_reader_removed(session, result.received);
  }
  return std::nullopt;
}

Next Release::after_mirror(Session& session, LeaseTime now) {
  if (session.settings.fenced) return rename_to_free(session, now);
  const bool lasted = now < deadline_;
  return end(session, lasted ? leaving_.error() : make_error_code(Errc::lease_lost));
}

Next Release::rename_to_free(Session& session, LeaseTime now) {
  const Baton& held = session.hold->baton;
  freed_ = Baton{};
  freed_.purpose = held.purpose;
  freed_.slot = held.slot;
  freed_.number = mutated(Bug::names_recur) ? 0 : held.number;
  // Never later than E, so that nobody who broke the hold can be hit by this rename within the time that makes a free
  // name a prompt one (4.7).
  freed_.freed_ms = std::min(milliseconds_of(estimate(*session.anchor, now)), held.expiry_ms);
  freed_.lifetime_ms = held.lifetime_ms;
  phase_ = Phase::renaming;
  freed_name_ = session.names.baton(freed_);
  return step::Rename{Place::fence, session.hold->name, freed_name_};
}

Next Release::on_renamed(Session& session, const Result& result) {
  answered_ = result.received;
  if (result.error == 0) {
    session.last_free = std::move(freed_name_);
    session.last_free_baton = freed_;
    // Somebody waits: the next lock() looks who, and lets him go first (7.2).
    if (session.hold->baton.wanted) session.guess_is_good = false;
    return end(session, outcome());
  }
  if (!is_absent(result.error)) return end(session, os_error(result.error));
  return look_for_it(session);
}

Next Release::look_for_it(Session& session) {
  phase_ = Phase::scanning;
  return scan_->start(session, {.nudge = !session.timing.local, .slot = session.hold->baton.slot});
}

Next Release::on_scanned(Session& session, LeaseTime now) {
  const auto& found = scan_->baton();
  Hold& hold = *session.hold;
  const bool same_hold = found && found->number == hold.baton.number;
  if (same_hold && !found->held) {
    // An earlier sending of ours had worked.
    session.last_free = scan_->name();
    session.last_free_baton = *found;
    session.guess_is_good = false;
    return end(session, outcome());
  }
  const bool ours = same_hold && found->owner.same_object(session.me);
  // After D somebody may have broken it, and a late flag may have put its name over a successor's (4.7).
  if (ours && session.is_foreign_flag(*found, scan_->name()) && now >= deadline_ && ++rounds_ <= most_rounds) {
    phase_ = Phase::dating;
    return step::Look{Place::fence, scan_->name(), true};
  }
  const bool any = mutated(Bug::frees_whatever_is_held) && found && found->held;
  if ((ours || any) && ++rounds_ <= most_rounds) {
    hold.baton = *found;
    hold.name = scan_->name();
    return rename_to_free(session, now);
  }
  if (scan_->error()) return end(session, scan_->error());
  // Either our rename had worked and others came after, or the hold had been broken. Nobody may break it before D.
  return end(session, answered_ < deadline_ ? outcome() : make_error_code(Errc::lease_lost));
}

Next Release::on_dated(Session& session, const Result& result) {
  if (is_absent(result.error)) {
    return look_for_it(session);
  }
  // Set while nobody could have broken the hold, so it was set on the hold; and a name does not come back.
  if (result.error != 0) return end(session, os_error(result.error));
  const ServerTime safe = std::max(scan_->baton()->expiry(), session.hold->baton.expiry());
  if (result.status.changed > safe) return end(session, Errc::lease_lost);
  session.hold->baton = *scan_->baton();
  session.hold->name = scan_->name();
  return rename_to_free(session, result.received);
}

/// As long as its name was there no writer was. When it is gone a writer may have removed it, but not before D.
Next Release::on_reader_removed(Session& session, LeaseTime now) {
  if (removing_.error() != 0) return end(session, os_error(removing_.error()));
  const bool lasted = !removing_.was_gone() || now < deadline_;
  return end(session, lasted ? std::error_code{} : make_error_code(Errc::lease_lost));
}

std::error_code Release::outcome() const {
  // No other fenced process had the lock, but one that only knows the lock file may have had it.
  return leaving_.was_gone() ? make_error_code(Errc::lease_lost) : leaving_.error();
}

Next Release::end(Session& session, std::error_code error) {
  session.forget_hold();
  session.lost = false;
  error_ = error;
  return std::nullopt;
}

}  // namespace leaselock::protocol
