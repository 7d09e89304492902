#pragma once

#include <optional>
#include <string>

#include "protocol/make_claim.hpp"
#include "protocol/open_directory.hpp"
#include "protocol/operation.hpp"
#include "protocol/release.hpp"
#include "protocol/scan.hpp"
#include "protocol/take_baton.hpp"
#include "protocol/take_mirror.hpp"
#include "protocol/wait_for_change.hpp"

namespace leaselock::protocol {

struct AcquireRequest {
  LeaseTime give_up_at{};  ///< one full attempt is made even if this has passed
  bool by_force = false;   ///< break whatever holds it (unsafe_break)
  /// Only to destroy it: the hold gets the next number after the last and not the server's clock. It is no token for
  /// anybody, and destroy() need not wait until the clock has passed it.
  bool for_removal = false;
};

/// lock(): 5.2 in fenced mode, 6.4 in compat mode. The steps of 5.2 are the phases here; a waiter polls (7.1).
class Acquire {
 public:
  Acquire() = default;
  explicit Acquire(AcquireRequest request) : request_(request) {}

  Next start(Session& session, LeaseTime now);
  Next resume(Session& session, const Result& result);
  /// As if the timeout had just passed: what is under way ends in order, and nothing is held afterwards.
  void give_up();
  std::error_code error() const { return error_; }

 private:
  enum class Phase : std::uint8_t {
    opening,
    claiming,
    scanning,
    taking,
    mirroring,
    undoing,
    waiting,
  };

  Next on_opened(Session& session, LeaseTime now);
  Next find_source(Session& session, LeaseTime now);
  Next scan(Session& session, ScanRequest request);
  Next on_scanned(Session& session, LeaseTime now);
  Next on_judged(Session& session, LeaseTime now);
  Next mirror(Session& session, LeaseTime now);
  Next on_mirrored(Session& session, LeaseTime now);
  Next last_look(Session& session, LeaseTime now);
  Next undo(Session& session, LeaseTime now, std::error_code why);
  Next on_undone(Session& session, LeaseTime now);
  Next wait(Session& session, LeaseTime now, LeaseTime until);
  Next on_waited(Session& session, LeaseTime now);
  Next fail(Session& session, LeaseTime now, std::error_code why);
  Next end(std::error_code error);

  AcquireRequest request_;
  Phase phase_ = Phase::opening;

  bool reopened_ = false;
  int lost_races_ = 0;
  int undone_ = 0;
  std::error_code undo_reason_;

  OpenLockDirectory opening_;
  MakeClaim claiming_;
  Scan scan_;
  TakeBaton taking_;
  TakeMirror mirror_;
  Release undoing_;
  WaitForChange waiting_;
  std::error_code error_;
};

}  // namespace leaselock::protocol
