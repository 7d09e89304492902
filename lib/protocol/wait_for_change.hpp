#pragma once

#include <optional>

#include "protocol/operation.hpp"
#include "protocol/scan.hpp"
#include "protocol/sweep.hpp"

namespace leaselock::protocol {

/// How a contender passes the time while another holds the baton: plain polling with jitter (7.1). One request a poll
/// while nothing changes; it ends when the directory changed, when the lease may have run out, or at the timeout.
class WaitForChange {
 public:
  enum class Outcome : std::uint8_t {
    timed_out,
    unchanged,  ///< the holder is as it was, but time has passed
    look,       ///< scan again, as scan() says
  };

  void begin(const Session& session, LeaseTime now, LeaseTime give_up_at);
  /// The holder changed: poll quickly again.
  void start_over(const Session& session) { poll_ = session.timing.first_poll; }
  void give_up() { give_up_at_ = LeaseTime::min(); }
  /// To be told of every scan, so that the next poll knows what "unchanged" means.
  void note(const Session& session, const Scan& scan);

  /// Waits for a change, but not past `until`.
  Next start(Session& session, LeaseTime now, LeaseTime until);
  Next resume(Session& session, const Result& result);
  Outcome outcome() const { return outcome_; }
  ScanRequest scan() const { return scan_; }

 private:
  enum class Phase : std::uint8_t { sweeping, showing, sleeping, polling };
  Next show(Session& session, LeaseTime now);
  Next sleep(Session& session, LeaseTime now);
  Next poll(Session& session, LeaseTime now);
  Next end(Outcome outcome, ScanRequest scan = {});

  LeaseTime began_{};
  LeaseTime give_up_at_{};
  LeaseTime until_{};
  Duration poll_{};
  LeaseTime listed_{};
  ServerTime listed_change_{};
  bool settled_ = false;  ///< the listing is too old to hide a change within the same tick of the server's clock
  Phase phase_ = Phase::sleeping;
  Sweep sweep_;
  Outcome outcome_ = Outcome::timed_out;
  ScanRequest scan_;
};

}  // namespace leaselock::protocol
