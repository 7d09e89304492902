#pragma once

#include "protocol/operation.hpp"
#include "protocol/stand_in_line.hpp"

namespace leaselock::protocol {

/// How the time passes while somebody else's lock file stands at the lock path: in line on this host and woken by the
/// kernel where it watches the directory (7.3), else polling with jitter (7.1). When it ends it is time to try again.
class WaitForMirror {
 public:
  void begin(const Session& session, LeaseTime give_up_at);
  /// The lock file changed: poll quickly again.
  void start_over(const Session& session) { poll_ = session.timing.first_poll; }
  void give_up() { give_up_at_ = LeaseTime::min(); }

  /// Waits, but not past `until`, nor past the end of the holder's process, where that is known to be worth a look.
  Next start(Session& session, LeaseTime now, LeaseTime until, std::optional<step::ProcessId> holder);
  Next resume(Session& session, const Result& result);
  bool timed_out(LeaseTime now) const { return now >= give_up_at_; }

 private:
  enum class Phase : std::uint8_t { lining_up, sleeping };

  LeaseTime give_up_at_{};
  Duration poll_{};
  Phase phase_ = Phase::sleeping;
  bool lined_up_ = false;  ///< since the last sleep
  StandInLine line_;
};

}  // namespace leaselock::protocol
