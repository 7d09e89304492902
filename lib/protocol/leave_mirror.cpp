#include "protocol/leave_mirror.hpp"

#include <algorithm>

#include "protocol/mutation.hpp"

namespace leaselock::protocol {
namespace {

bool is_plenty(const Session& session, Duration left) { return left > session.settings.lifetime / 4; }

}  // namespace

Next LeaveMirror::start(Session& session, LeaseTime now, LeaseTime deadline) {
  if (!session.claim) return std::nullopt;
  if (is_plenty(session, deadline - now) || !session.settings.fenced) return leave(session, deadline - now);
  phase_ = Phase::refreshing;
  if (auto next = refreshing_->start(session, now)) return next;
  return on_refreshed(session, now);
}

Next LeaveMirror::on_refreshed(Session& session, LeaseTime now) {
  lost_ = refreshing_->outcome() == RefreshBaton::Outcome::lost;
  error_ = refreshing_->error();
  if (lost_) return std::nullopt;
  if (error_) return leave_it_there(session, error_);
  // Fenced processes go by the lease, flufl.lock's by the claim's time.
  return leave(session, std::min(session.hold->deadline - now, session.claim->expiry - estimate(*session.anchor, now)));
}

Next LeaveMirror::leave(Session& session, Duration left) {
  if (is_plenty(session, left)) {
    phase_ = Phase::unlinking;
    return step::Unlink{Place::lock_directory, session.names.base()};
  }
  if (left <= Duration::zero() && !session.settings.fenced) return std::nullopt;
  // It may be a successor's by now. A claim without a second link says so without disturbing anybody.
  phase_ = Phase::looking_at_claim;
  return step::Look{Place::lock_directory, session.claim->name, true};
}

Next LeaveMirror::resume(Session& session, const Result& result) {
  const int error = result.error;
  switch (phase_) {
    case Phase::refreshing:
      if (auto next = refreshing_->resume(session, result)) return next;
      return on_refreshed(session, result.received);
    case Phase::unlinking:
      if (error != 0 && error != ENOENT) return leave_it_there(session, os_error(error));  // ESTALE proves nothing
      return std::nullopt;
    case Phase::looking_at_claim:
      was_gone_ = error == ENOENT || (error == 0 && result.status.links < 2);
      if (was_gone_) return std::nullopt;
      if (error != 0) return leave_it_there(session, os_error(error));
      phase_ = Phase::moving;
      aside_ = session.names.aside(session.unique());
      return step::Rename{Place::lock_directory, session.names.base(), aside_};
    case Phase::moving:
      if (error != 0 && error != ENOENT) error_ = os_error(error);
      phase_ = Phase::looking;  // in any case: a reply may have been lost
      return step::Look{Place::lock_directory, aside_, true};
    case Phase::looking:
      if (error != 0) return error_ ? leave_it_there(session, error_) : std::nullopt;
      error_.clear();
      if (same_file(result.status, session.claim->status)) return remove_aside();
      phase_ = Phase::putting_back;
      if (mutated(Bug::put_back_by_rename)) return step::Rename{Place::lock_directory, aside_, session.names.base()};
      return step::Link{Place::lock_directory, aside_, session.names.base()};
    case Phase::putting_back:
      return remove_aside();
    case Phase::removing_aside:
      return std::nullopt;
  }
  return std::nullopt;
}

/// By its claim's name, which stays, the next fenced holder sees that it is nobody's any more.
Next LeaveMirror::leave_it_there(Session& session, std::error_code error) {
  error_ = error;
  if (session.settings.fenced) session.claim.reset();
  return std::nullopt;
}

Next LeaveMirror::remove_aside() {
  phase_ = Phase::removing_aside;
  return step::Unlink{Place::lock_directory, aside_};
}

}  // namespace leaselock::protocol
