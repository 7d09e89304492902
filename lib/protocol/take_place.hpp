#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "protocol/operation.hpp"
#include "protocol/remove_ticket.hpp"
#include "protocol/scan.hpp"

namespace leaselock::protocol {

/// Gets in the queue (7.2): makes a ticket, and flags a held name so that its owner looks who waits
/// before it takes the baton again. Nothing here decides who owns the lock, so nothing here can fail: who gets no
/// ticket waits without one.
class TakePlace {
 public:
  /// After a scan that found a baton.
  Next start(Session& session, const Scan& scan, LeaseTime now);
  Next resume(Session& session, const Result& result);
  /// The name was gone or the directory replaced: scan again, forced.
  bool outrun() const { return outrun_; }

 private:
  enum class Phase : std::uint8_t { removing_ticket, making_ticket, looking, flagging };
  Next make_ticket(const Session& session, LeaseTime now);
  Next flag(Session& session, LeaseTime now);
  Next rename(const Session& session, LeaseTime now);

  Phase phase_ = Phase::making_ticket;
  RemoveTicket removing_;
  std::int64_t newest_ns_ = std::numeric_limits<std::int64_t>::min();  ///< when the last of the others came
  std::int64_t stamp_ns_ = 0;
  std::optional<std::int64_t> again_;  ///< the stamp of the ticket that was taken away
  std::string ticket_;
  Baton baton_;
  std::string name_;
  std::optional<ServerTime> made_;
  std::string flagged_;
  bool outrun_ = false;
};

}  // namespace leaselock::protocol
