#pragma once

#include "protocol/acquire.hpp"
#include "protocol/boxed.hpp"
#include "protocol/release.hpp"
#include "protocol/remove_ticket.hpp"
#include "protocol/share_hold.hpp"

namespace leaselock::protocol {

/// From reader to writer (9.2), without waiting for anybody: one attempt to take the lock as a writer whom its own
/// reader's name does not stop. What was read is still true only if the lease as a reader lasted until the baton was
/// ours; it is checked at the end.
class Upgrade {
 public:
  Next start(Session& session, LeaseTime now);
  Next resume(Session& session, const Result& result);
  /// Errc::timed_out: still a reader, because others read or want to write.
  std::error_code error() const { return error_; }

 private:
  enum class Phase : std::uint8_t { acquiring, withdrawing, releasing };
  Next on_acquired(Session& session, LeaseTime now);
  Next on_withdrawn(Session& session, LeaseTime now);

  Phase phase_ = Phase::acquiring;
  Hold reader_;
  bool lasted_ = false;
  Boxed<Acquire> acquiring_;
  RemoveTicket withdrawing_;
  Release releasing_;
  std::error_code error_;
};

/// From writer to reader (9.2).
class Downgrade {
 public:
  Next start(Session& session, LeaseTime now);
  Next resume(Session& session, const Result& result);
  std::error_code error() const { return error_; }

 private:
  Next on_shared(Session& session, LeaseTime now);

  ShareHold sharing_;
  std::error_code error_;
};

}  // namespace leaselock::protocol
