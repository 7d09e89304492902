#pragma once

#include "protocol/lazy.hpp"
#include "protocol/operation.hpp"
#include "protocol/place_in_queue.hpp"
#include "protocol/scan.hpp"
#include "protocol/standing.hpp"
#include "protocol/sweep.hpp"

namespace leaselock::protocol {

/// How a contender passes the time while another holds the baton (7.1): woken by the kernel where it watches the
/// directory, else by polling, more rarely the longer the hold lasts and the more waiters are before it. One request a
/// poll while nothing changes; it ends when there is something to look at, when the lease may have run out, or at the
/// timeout.
class WaitForChange {
 public:
  enum class Outcome : std::uint8_t {
    timed_out,
    unchanged,  ///< the holder is as it was, but time has passed
    look,       ///< scan again, as scan() says
  };

  void begin(LeaseTime now, LeaseTime give_up_at);
  void give_up() { give_up_at_ = LeaseTime::min(); }
  /// To be told of every scan, so that the next poll knows what "unchanged" means.
  void note(Session& session, const Scan& scan, const Standing& standing);

  /// Waits for a change, but not past `until`.
  Next start(Session& session, LeaseTime now, LeaseTime until);
  Next resume(Session& session, const Result& result);
  Outcome outcome() const { return outcome_; }
  ScanRequest scan() const { return scan_; }

 private:
  enum class Phase : std::uint8_t { sweeping, showing, sleeping, polling, asking, renewing };
  Next show(Session& session, LeaseTime now);
  Next sleep(Session& session, LeaseTime now);
  Next poll(Session& session, LeaseTime now);
  Next on_polled(Session& session, const Result& result);
  Duration interval(const Session& session, LeaseTime now) const;
  Next look();
  Next end(Outcome outcome, ScanRequest scan = {});

  LeaseTime give_up_at_{};
  LeaseTime until_{};
  std::uint64_t number_ = 0;   ///< of the hold, or of the last one, when it was listed
  bool held_ = false;          ///< all slots were
  LeaseTime changed_hands_{};  ///< when that became another
  PlaceInQueue place_;
  LeaseTime listed_{};
  ServerTime listed_change_{};
  LeaseTime dated_{};     ///< when we were told of that change
  bool settled_ = false;  ///< the listing is too old to hide a change within the same tick of the server's clock
  LeaseTime renewed_{};   ///< when we last made the directory's time another, for that
  Phase phase_ = Phase::sleeping;
  Lazy<Sweep> sweep_;
  Outcome outcome_ = Outcome::timed_out;
  ScanRequest scan_;
};

}  // namespace leaselock::protocol
