#pragma once

#include "protocol/each_slot.hpp"
#include "protocol/leave_mirror.hpp"
#include "protocol/operation.hpp"

namespace leaselock::protocol {

struct DestroyRequest {
  /// Whoever waits does not keep it from being removed; the queue begins anew in the next one.
  bool evict = false;
};

/// Gives the lock back and removes every file of it, for an owner only (3.1); of a semaphore, for the owner of all its
/// slots. The fence directory is never moved
/// aside, because requests through open handles would follow it: its baton is unlinked by the exact held name, and
/// the directory is then removed if it is empty. Whoever comes later makes a new one, whose first number is the
/// server's clock (rule T); so that it is greater than ours even on a coarse clock or one that is set back a little,
/// the baton is removed only when a stamp has passed our number by the grace. A hold younger than that waits.
class Destroy {
 public:
  Destroy() = default;
  explicit Destroy(DestroyRequest request) : request_(request) {}

  Next start(Session& session, LeaseTime now);
  Next resume(Session& session, const Result& result);
  std::error_code error() const { return error_; }

 private:
  enum class Phase : std::uint8_t {
    leaving_mirror,
    listing,
    aging,
    stamping,
    removing_baton,
    releasing,
    removing_fence,
    removing_claim,
    removing_gate,
  };
  Next list(Session& session);
  Next on_listed(Session& session, const Result& result);
  Next age(Session& session, LeaseTime now);
  Next remove_next(Session& session);
  Next release(Session& session, LeaseTime now);
  Next remove_claim(Session& session);
  Next remove_gate(Session& session);

  DestroyRequest request_;
  Phase phase_ = Phase::leaving_mirror;
  LeaseTime deadline_{};
  int rounds_ = 0;
  LeaveMirror leaving_;
  ReleaseSlots releasing_;
  std::error_code error_;
};

}  // namespace leaselock::protocol
