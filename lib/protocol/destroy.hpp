#pragma once

#include "protocol/leave_mirror.hpp"
#include "protocol/operation.hpp"
#include "protocol/release.hpp"

namespace leaselock::protocol {

/// Gives the lock back and removes every file of it, for an owner only (3.1). The fence directory is never moved
/// aside, because requests through open handles would follow it: its baton is unlinked by the exact held name, and
/// the directory is then removed if it is empty. Whoever comes later makes a new one; numbers go on by rule T.
class Destroy {
 public:
  Next start(Session& session, LeaseTime now);
  Next resume(Session& session, const Result& result);
  std::error_code error() const { return error_; }

 private:
  enum class Phase : std::uint8_t { leaving_mirror, listing, removing_baton, releasing, removing_fence, removing_claim };
  Next list(Session& session);
  Next on_listed(Session& session, const Result& result);
  Next release(Session& session, LeaseTime now);
  Next remove_claim(Session& session);

  Phase phase_ = Phase::leaving_mirror;
  LeaseTime deadline_{};
  LeaveMirror leaving_;
  Release releasing_;
  std::error_code error_;
};

}  // namespace leaselock::protocol
