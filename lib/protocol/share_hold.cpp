#include "protocol/share_hold.hpp"

#include <algorithm>
#include <utility>

#include "protocol/mutation.hpp"

namespace leaselock::protocol {

Next ShareHold::start(Session& session, LeaseTime now) {
  *this = ShareHold{};
  if (!session.anchor_is_old(now)) return publish(session, now);
  phase_ = Phase::stamping;
  return step::Touch{Place::fence, "", std::nullopt};
}

Next ShareHold::publish(Session& session, LeaseTime now) {
  // A writer's lease does not become shorter because it only reads from now on.
  const Hold& hold = *session.hold;
  const Duration lifetime = std::max(session.settings.lifetime, hold.deadline - now);
  Reader reader;
  reader.number = hold.baton.number;
  reader.expiry_ms = std::max(choose_expiry(*session.anchor, now, lifetime), hold.baton.expiry_ms);
  reader.lifetime_ms = std::chrono::ceil<std::chrono::milliseconds>(lifetime).count();
  reader.owner = session.me;
  reader_ = Hold{};
  reader_.shared = true;
  reader_.baton.purpose = session.settings.purpose;
  reader_.baton.number = reader.number;
  reader_.baton.held = true;
  reader_.baton.expiry_ms = reader.expiry_ms;
  reader_.baton.lifetime_ms = reader.lifetime_ms;
  reader_.baton.owner = session.me;
  reader_.name = session.names.reader(reader);
  reader_.deadline = deadline(*session.anchor, now, lifetime, reader.expiry(), session.timing.bounds);
  if (mutated(Bug::reader_publishes_late)) return release(session, now);
  phase_ = Phase::publishing;
  if (session.timing.local) return step::CreateFile{Place::fence, reader_.name, ""};
  return step::MakeDirectory{Place::fence, reader_.name, 0777U};
}

Next ShareHold::resume(Session& session, const Result& result) {
  switch (phase_) {
    case Phase::stamping:
      if (result.error == 0) {
        session.take_anchor(result);
        return publish(session, result.received);
      }
      error_ = os_error(result.error);
      return release(session, result.received);
    case Phase::publishing:
      if (mutated(Bug::reader_publishes_late)) return end(Outcome::shared);
      // Nobody else makes this name, so one that is there is ours, from a request whose reply was lost.
      if (result.error != 0 && result.error != EEXIST) error_ = os_error(result.error);
      return release(session, result.received);
    case Phase::releasing:
      if (auto next = releasing_->resume(session, result)) return next;
      return on_released(session, result.received);
    case Phase::withdrawing:
      if (auto next = withdrawing_.resume(result)) return next;
      return end(outcome_);
  }
  return std::nullopt;
}

Next ShareHold::release(Session& session, LeaseTime now) {
  phase_ = Phase::releasing;
  if (auto next = releasing_.anew()->start(session, now)) return next;
  return on_released(session, now);
}

Next ShareHold::on_released(Session& session, LeaseTime /*now*/) {
  const bool checked = releasing_->error() && !mutated(Bug::reader_ignores_lost_baton);
  if (!error_ && !checked) {
    session.hold = std::move(reader_);
    if (mutated(Bug::reader_publishes_late)) {
      phase_ = Phase::publishing;
      return step::MakeDirectory{Place::fence, session.hold->name, 0777U};
    }
    return end(Outcome::shared);
  }
  // What may have been published counts for nobody, and shall not stand in a writer's way until it ends by itself.
  outcome_ = !error_ && releasing_->error() == Errc::lease_lost ? Outcome::lost : Outcome::failed;
  if (!error_) error_ = releasing_->error();
  if (reader_.name.empty()) return end(outcome_);  // there was no stamp to name it by
  phase_ = Phase::withdrawing;
  return withdrawing_.start(session.timing.local, reader_.name);
}

Next ShareHold::end(Outcome outcome) {
  outcome_ = outcome;
  return std::nullopt;
}

}  // namespace leaselock::protocol
