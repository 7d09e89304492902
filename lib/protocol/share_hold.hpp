#pragma once

#include "protocol/lazy.hpp"
#include "protocol/operation.hpp"
#include "protocol/release.hpp"
#include "protocol/remove_ticket.hpp"

namespace leaselock::protocol {

/// From the baton's holder to a reader (9.2): publishes a reader's name, then gives the baton back. Whoever takes the
/// baton after that sees the name. If the baton was broken before it was given back somebody may not have seen it, so
/// then nothing is held.
class ShareHold {
 public:
  enum class Outcome : std::uint8_t {
    shared,  ///< session.hold is the reader's; the owner flag is not set yet
    lost,    ///< the baton was broken
    failed,
  };

  Next start(Session& session, LeaseTime now);
  Next resume(Session& session, const Result& result);
  Outcome outcome() const { return outcome_; }
  std::error_code error() const { return error_; }

 private:
  enum class Phase : std::uint8_t { stamping, publishing, releasing, withdrawing };
  Next publish(Session& session, LeaseTime now);
  Next release(Session& session, LeaseTime now);
  Next on_released(Session& session, LeaseTime now);
  Next end(Outcome outcome);

  Phase phase_ = Phase::publishing;
  Hold reader_;
  Lazy<Release> releasing_;
  RemoveTicket withdrawing_;
  Outcome outcome_ = Outcome::failed;
  std::error_code error_;
};

}  // namespace leaselock::protocol
