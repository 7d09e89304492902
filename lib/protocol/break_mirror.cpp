#include "protocol/break_mirror.hpp"

#include "protocol/mutation.hpp"

namespace leaselock::protocol {

Next BreakMirror::start(Session& session, const FileStatus& victim, std::string claim, bool elect_first) {
  *this = BreakMirror{};
  victim_ = victim;
  claim_ = std::move(claim);
  mark_ = session.names.mark(victim);
  if (mutated(Bug::breaks_by_unlink)) {
    phase_ = Phase::removing_claim;
    return step::Unlink{Place::lock_directory, session.names.base()};
  }
  return elect_first ? elect(session) : relink(session);
}

Next BreakMirror::elect(Session& session) {
  if (++rounds_ > 3) return finish(session, Outcome::busy);
  phase_ = Phase::electing;
  return step::Link{Place::lock_directory, session.claim->name, mark_};
}

Next BreakMirror::resume(Session& session, const Result& result) {
  const int error = result.error;
  switch (phase_) {
    case Phase::electing:
      if (error == 0) {
        elected_ = true;
        return relink(session);
      }
      if (error == EEXIST) {
        phase_ = Phase::looking_at_mark;
        return step::Look{Place::lock_directory, mark_, true};
      }
      return finish(session, Outcome::changed);  // whatever it is, linking the lock path will meet it too
    case Phase::looking_at_mark:
      if (is_absent(error)) return elect(session);
      if (error != 0) return finish(session, Outcome::busy);
      if (same_file(result.status, session.claim->status)) {
        elected_ = true;  // a lost reply
        return relink(session);
      }
      // The mark is a link to the other breaker's claim, so its mtime is that breaker's own lease.
      if (session.anchor && session.anchor->received <= result.sent &&
          may_break(result.status.modified + session.settings.flufl_slop, session.anchor->stamp,
                    session.timing.bounds)) {
        phase_ = Phase::removing_dead_mark;
        return step::Unlink{Place::lock_directory, mark_};
      }
      if (!session.settings.fenced) return finish(session, Outcome::busy);
      phase_ = Phase::identifying_marker;
      return identifying_.start(session, mark_, result.status, true);
    case Phase::identifying_marker:
      if (auto next = identifying_.resume(session, result)) return next;
      // Only the baton's holder may break, and that is us: the mark of another fenced process is left over, however
      // alive its owner is.
      if (!identifying_.is_fenced()) return finish(session, Outcome::busy);
      phase_ = Phase::removing_dead_mark;
      return step::Unlink{Place::lock_directory, mark_};
    case Phase::removing_dead_mark:
      return elect(session);

    case Phase::relinking:
      if (error == 0) return finish(session, Outcome::linked);
      if (error != EEXIST) return finish(session, Outcome::changed);
      phase_ = Phase::looking_at_victim;
      return step::Look{Place::lock_directory, session.names.base(), true};
    case Phase::looking_at_victim:
      if (error != 0 || !is_victim(result.status)) return finish(session, Outcome::changed);
      // Whoever was slower than its own lease has no right to break any more: a successor may be at work.
      if (result.received >= lease_end(session)) return finish(session, Outcome::changed);
      return move(session);
    case Phase::moving:
      if (error != 0 && !is_absent(error)) {
        error_ = os_error(error);
        return finish(session, Outcome::failed);
      }
      phase_ = Phase::looking_at_aside;
      return step::Look{Place::lock_directory, aside_, true};
    case Phase::looking_at_aside:
      return on_aside(session, result);
    case Phase::looking_at_claim:
      if (error == 0 && same_file(result.status, victim_)) {
        phase_ = Phase::removing_claim;
        return step::Unlink{Place::lock_directory, claim_};
      }
      return finish(session, Outcome::broken);
    case Phase::removing_claim:
      return finish(session, Outcome::broken);
    case Phase::putting_back:
      return finish(session, Outcome::changed);  // EEXIST: somebody is in already

    case Phase::removing_aside:
      return remove_mark(session);
    case Phase::removing_mark:
      return std::nullopt;
  }
  return std::nullopt;
}

Next BreakMirror::relink(Session& session) {
  if (mutated(Bug::foreign_judged_by_stat)) {
    phase_ = Phase::looking_at_victim;
    return step::Look{Place::lock_directory, session.names.base(), true};
  }
  phase_ = Phase::relinking;
  return step::Link{Place::lock_directory, session.claim->name, session.names.base()};
}

Next BreakMirror::move(Session& session) {
  phase_ = Phase::moving;
  // A fresh name: renaming one link of a file onto another link of the same file does nothing and reports success.
  aside_ = mutated(Bug::moves_onto_existing_link) && !claim_.empty() ? claim_ : session.names.aside(session.unique());
  return step::Rename{Place::lock_directory, session.names.base(), aside_};
}

Next BreakMirror::on_aside(Session& session, const Result& result) {
  if (result.error != 0) return finish(session, Outcome::changed);  // nothing was moved, or it is gone already
  aside_exists_ = true;
  if (!is_victim(result.status)) {
    phase_ = Phase::putting_back;
    if (mutated(Bug::put_back_by_rename)) {
      aside_exists_ = false;
      return step::Rename{Place::lock_directory, aside_, session.names.base()};
    }
    return step::Link{Place::lock_directory, aside_, session.names.base()};
  }
  if (claim_.empty() || mutated(Bug::moves_onto_existing_link)) return finish(session, Outcome::broken);
  if (mutated(Bug::removes_path_from_contents)) {
    phase_ = Phase::removing_claim;
    return step::Unlink{Place::lock_directory, claim_};
  }
  phase_ = Phase::looking_at_claim;
  return step::Look{Place::lock_directory, claim_, true};
}

Next BreakMirror::finish(Session& session, Outcome outcome) {
  outcome_ = outcome;
  if (!aside_exists_) return remove_mark(session);
  aside_exists_ = false;
  phase_ = Phase::removing_aside;
  return step::Unlink{Place::lock_directory, aside_};
}

Next BreakMirror::remove_mark(Session& /*session*/) {
  if (!elected_) return std::nullopt;
  elected_ = false;
  phase_ = Phase::removing_mark;
  return step::Unlink{Place::lock_directory, mark_};
}

LeaseTime BreakMirror::lease_end(const Session& session) {
  return session.settings.fenced ? session.hold->deadline : session.claim->deadline;
}

bool BreakMirror::is_victim(const FileStatus& status) const {
  // Inode numbers are reused at once on some file systems, so the generation is number and time.
  return same_file(status, victim_) && status.modified == victim_.modified;
}

}  // namespace leaselock::protocol
