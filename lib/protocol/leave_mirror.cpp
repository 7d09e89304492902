#include "protocol/leave_mirror.hpp"

#include "protocol/mutation.hpp"

namespace leaselock::protocol {

Next LeaveMirror::start(Session& session, LeaseTime now, LeaseTime deadline) {
  *this = LeaveMirror{};
  if (!session.claim) return std::nullopt;
  if (deadline - now > session.settings.lifetime / 4) {
    phase_ = Phase::unlinking;
    return step::Unlink{Place::lock_directory, session.names.base()};
  }
  if (now >= deadline && !session.settings.fenced) return std::nullopt;
  // It may be a successor's by now. A claim without a second link says so without disturbing anybody.
  phase_ = Phase::looking_at_claim;
  return step::Look{Place::lock_directory, session.claim->name, true};
}

Next LeaveMirror::resume(Session& session, const Result& result) {
  const int error = result.error;
  switch (phase_) {
    case Phase::unlinking:
      if (error != 0 && !is_absent(error)) error_ = os_error(error);
      return std::nullopt;
    case Phase::looking_at_claim:
      if (error != 0 && !is_absent(error)) error_ = os_error(error);
      was_gone_ = error == ENOENT || (error == 0 && result.status.links < 2);  // ESTALE proves nothing
      if (error != 0 || was_gone_) return std::nullopt;
      phase_ = Phase::moving;
      aside_ = session.names.aside(session.unique());
      return step::Rename{Place::lock_directory, session.names.base(), aside_};
    case Phase::moving:
      if (error != 0 && !is_absent(error)) {
        error_ = os_error(error);
        return std::nullopt;
      }
      phase_ = Phase::looking;  // even after ENOENT: a reply may have been lost
      return step::Look{Place::lock_directory, aside_, true};
    case Phase::looking:
      if (error != 0) return std::nullopt;
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

Next LeaveMirror::remove_aside() {
  phase_ = Phase::removing_aside;
  return step::Unlink{Place::lock_directory, aside_};
}

}  // namespace leaselock::protocol
