#include "leaselock/error.hpp"
#include "protocol/acquire.hpp"
#include "protocol/mutation.hpp"

/// The second half of lock(), when the baton is ours: what else must be, and the last look.
namespace leaselock::protocol {
namespace {

constexpr int most_undone = 3;

}  // namespace

Next Acquire::on_taken(Session& session, LeaseTime now) {
  if (session.settings.purpose.kind == LockKind::shared_lock) {
    return request_.shared ? share(session, now) : clear_readers(session, now);
  }
  return session.settings.mirror ? mirror(session, now) : last_look(session, now);
}

/// 5.2 step 7; all of it in compat mode.
Next Acquire::mirror(Session& session, LeaseTime now) {
  phase_ = Phase::mirroring;
  if (auto next = mirror_.anew()->start(session, now, request_.give_up_at, request_.by_force)) return next;
  return on_mirrored(session, now);
}

Next Acquire::on_mirrored(Session& session, LeaseTime now) {
  const bool fenced = session.settings.fenced;
  switch (mirror_->outcome()) {
    case TakeMirror::Outcome::taken:
      if (!fenced) session.hold = Hold{{}, {}, 0, {}, session.claim->deadline, false, true, false};
      session.hold->mirrored = true;
      if (!fenced) session.predecessor = mirror_->broke() ? Ending::expired : Ending::none;
      return leave_line(session, now);
    case TakeMirror::Outcome::lost:
      return scan(session, {.nudge = !session.timing.local, .may_create = true});
    case TakeMirror::Outcome::timed_out:
      return fenced ? undo(session, now, Errc::timed_out) : end(session, Errc::timed_out);
    case TakeMirror::Outcome::failed:
      return fenced ? undo(session, now, mirror_->error()) : fail(session, now, mirror_->error());
  }
  return std::nullopt;
}

/// 9.2: a writer.
Next Acquire::clear_readers(Session& session, LeaseTime now) {
  phase_ = Phase::clearing_readers;
  if (auto next =
          clearing_.emplace().start(session, now, request_.give_up_at, request_.except_reader, request_.by_force)) {
    return next;
  }
  return on_cleared(session, now);
}

Next Acquire::on_cleared(Session& session, LeaseTime now) {
  switch (clearing_->outcome()) {
    case ClearReaders::Outcome::clear:
      return leave_line(session, now);
    case ClearReaders::Outcome::lost:
      return scan(session, {.nudge = !session.timing.local, .may_create = true});
    case ClearReaders::Outcome::timed_out:
      return undo(session, now, Errc::timed_out);
    case ClearReaders::Outcome::failed:
      return undo(session, now, clearing_->error());
  }
  return std::nullopt;
}

/// 9.2: a reader.
Next Acquire::share(Session& session, LeaseTime now) {
  phase_ = Phase::sharing;
  if (auto next = sharing_.emplace().start(session, now)) return next;
  return on_shared(session, now);
}

Next Acquire::on_shared(Session& session, LeaseTime now) {
  switch (sharing_->outcome()) {
    case ShareHold::Outcome::shared:
      return last_look(session, now);
    case ShareHold::Outcome::lost:
      return scan(session, {.nudge = !session.timing.local, .may_create = true});
    case ShareHold::Outcome::failed:
      return fail(session, now, sharing_->error());
  }
  return std::nullopt;
}

/// What we waited for after the baton had been taken: the watch for it ends.
Next Acquire::leave_line(Session& session, LeaseTime now) {
  phase_ = Phase::leaving_line;
  if (auto next = leaving_.start(session, {}, request_.keep_place)) return next;
  return last_look(session, now);
}

/// 5.2 step 8: the clock is read last of all, so a pause anywhere before has been seen.
Next Acquire::last_look(Session& session, LeaseTime now) {
  Hold& hold = *session.hold;
  if (now < hold.deadline - session.smallest_remainder() || mutated(Bug::no_last_look)) {
    hold.owner = request_.slots == 1;  // of several, when all are there
    return end(session, {});
  }
  // A lifetime that its own acquisition uses up, again and again, is too short for this file system.
  return undo(session, now, ++undone_ < most_undone ? std::error_code{} : make_error_code(Errc::lifetime_too_short));
}

Next Acquire::undo(Session& session, LeaseTime now, std::error_code why) {
  undo_reason_ = why;
  phase_ = Phase::undoing;
  if (auto next = undoing_.anew()->start(session, now)) return next;
  return on_undone(session, now);
}

Next Acquire::on_undone(Session& session, LeaseTime now) {
  if (undo_reason_) return fail(session, now, undo_reason_);
  if (now >= request_.give_up_at) return end(session, Errc::timed_out);
  return on_opened(session, now);
}

}  // namespace leaselock::protocol
