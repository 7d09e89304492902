#pragma once

#include <string>

#include "protocol/lazy.hpp"
#include "protocol/operation.hpp"
#include "protocol/refresh.hpp"

namespace leaselock::protocol {

/// Takes our own lock file away (6.2). The closer the lease is to its end, the less the name can be trusted to be
/// ours still. With plenty left it is unlinked. With little, a fenced holder first refreshes the baton, which settles
/// that no successor is at work; what a flufl.lock process may have broken is moved aside and looked at. After the end
/// it is left alone in compat mode, where a breaker removes it.
class LeaveMirror {
 public:
  Next start(Session& session, LeaseTime now, LeaseTime deadline);
  Next resume(Session& session, const Result& result);
  /// What could not be removed; the lock file then ages by its mtime.
  std::error_code error() const { return error_; }
  /// Somebody had taken it away before: a flufl.lock process may have owned the lock since.
  bool was_gone() const { return was_gone_; }
  /// The baton was somebody else's by then; the lock file was left to them.
  bool lost() const { return lost_; }

 private:
  enum class Phase : std::uint8_t {
    refreshing,
    unlinking,
    looking_at_claim,
    moving,
    looking,
    putting_back,
    removing_aside
  };
  Next leave(Session& session, Duration left);
  Next on_refreshed(Session& session, LeaseTime now);
  Next leave_it_there(Session& session, std::error_code error);
  Next remove_aside();

  Phase phase_ = Phase::unlinking;
  std::string aside_;
  std::error_code error_;
  Lazy<RefreshBaton> refreshing_;
  bool was_gone_ = false;
  bool lost_ = false;
};

}  // namespace leaselock::protocol
