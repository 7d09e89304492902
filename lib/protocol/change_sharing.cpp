#include "protocol/change_sharing.hpp"

#include <utility>

#include "protocol/mutation.hpp"

namespace leaselock::protocol {
namespace {

std::error_code not_held(Session& session) {
  return std::exchange(session.lost, false) ? Errc::lease_lost : Errc::not_locked;
}

}  // namespace

Next Upgrade::start(Session& session, LeaseTime now) {
  if (!session.hold || !session.hold->shared) {
    error_ = session.hold ? make_error_code(Errc::not_locked) : not_held(session);
    return std::nullopt;
  }
  reader_ = *std::exchange(session.hold, std::nullopt);
  AcquireRequest request;
  request.give_up_at = LeaseTime::min();
  request.except_reader = reader_.name;
  acquiring_ = Acquire(std::move(request));
  if (auto next = acquiring_->start(session, now)) return next;
  return on_acquired(session, now);
}

Next Upgrade::resume(Session& session, const Result& result) {
  switch (phase_) {
    case Phase::acquiring:
      if (auto next = acquiring_->resume(session, result)) return next;
      return on_acquired(session, result.received);
    case Phase::withdrawing:
      if (auto next = withdrawing_.resume(result)) return next;
      return on_withdrawn(session, result.received);
    case Phase::releasing:
      if (auto next = releasing_.resume(session, result)) return next;
      session.lost = true;
      return std::nullopt;
  }
  return std::nullopt;
}

Next Upgrade::on_acquired(Session& session, LeaseTime now) {
  error_ = acquiring_->error();
  if (error_) {
    session.hold = std::move(reader_);
    return std::nullopt;
  }
  lasted_ = now < reader_.deadline || mutated(Bug::upgrade_ignores_lost_lease);
  session.hold->owner = lasted_;
  phase_ = Phase::withdrawing;
  return withdrawing_.start(session.timing.local, reader_.name);
}

Next Upgrade::on_withdrawn(Session& session, LeaseTime now) {
  // A name that could not be removed keeps the next writer waiting until it ends; this one it does not concern.
  if (lasted_) return std::nullopt;
  error_ = Errc::lease_lost;
  phase_ = Phase::releasing;
  if (auto next = releasing_.start(session, now)) return next;
  session.lost = true;
  return std::nullopt;
}

Next Downgrade::start(Session& session, LeaseTime now) {
  if (!session.hold || session.hold->shared) {
    error_ = session.hold ? make_error_code(Errc::not_locked) : not_held(session);
    return std::nullopt;
  }
  if (auto next = sharing_.start(session, now)) return next;
  return on_shared(session, now);
}

Next Downgrade::resume(Session& session, const Result& result) {
  if (auto next = sharing_.resume(session, result)) return next;
  return on_shared(session, result.received);
}

Next Downgrade::on_shared(Session& session, LeaseTime now) {
  switch (sharing_.outcome()) {
    case ShareHold::Outcome::shared:
      if (now < session.hold->deadline) {
        session.hold->owner = true;
        break;
      }
      session.forget_hold();
      [[fallthrough]];
    case ShareHold::Outcome::lost:
      session.lost = true;
      error_ = Errc::lease_lost;
      break;
    case ShareHold::Outcome::failed:
      error_ = sharing_.error();
      break;
  }
  return std::nullopt;
}

}  // namespace leaselock::protocol
