#pragma once

#include "protocol/operation.hpp"
#include "protocol/remove_ticket.hpp"

namespace leaselock::protocol {

/// A reader's new lease (9.2): the modification time of its name. Unlike the rename of a baton this may be executed
/// although a writer has removed the reader in the meantime, so it counts only when the reply arrives within the old
/// lease, during which no writer does.
class RefreshReader {
 public:
  Next start(Session& session, LeaseTime now);
  Next resume(Session& session, const Result& result);
  /// Errc::lease_lost, or why the outcome is unknown: the old deadline still counts.
  std::error_code error() const { return error_; }

 private:
  enum class Phase : std::uint8_t { stamping, touching, withdrawing };
  Next touch(Session& session, LeaseTime now);
  Next on_touched(Session& session, const Result& result);
  Next lose(Session& session, bool is_there);

  Phase phase_ = Phase::touching;
  LeaseTime sending_{};
  Duration lifetime_{};
  ServerTime expiry_{};
  RemoveTicket withdrawing_;
  std::error_code error_;
};

}  // namespace leaselock::protocol
