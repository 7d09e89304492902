#pragma once

#include <optional>

#include "protocol/acquire.hpp"
#include "protocol/boxed.hpp"
#include "protocol/refresh.hpp"
#include "protocol/release.hpp"

namespace leaselock::protocol {

/// Takes several slots of a semaphore, all or none (9.1): one after the other, refreshing those that it has while it
/// waits for the next. It keeps its place in the queue until it has all. Two that wait for each other's slots cannot
/// be: who is not the first in the queue, and at the gate, gives back what it has before it waits.
class AcquireSlots {
 public:
  AcquireSlots() = default;
  explicit AcquireSlots(AcquireRequest request) : request_(std::move(request)) {}

  Next start(Session& session, LeaseTime now);
  Next resume(Session& session, const Result& result);
  void give_up();
  std::error_code error() const { return error_; }

 private:
  enum class Phase : std::uint8_t { acquiring, refreshing, giving_back };
  Next attempt(Session& session, LeaseTime now);
  /// The step of the acquisition under way, or the end of that.
  Next pass_on(Session& session, Next next, LeaseTime now);
  Next on_acquired(Session& session, LeaseTime now);
  Next refresh(Session& session, LeaseTime now);
  Next on_refreshed(Session& session, LeaseTime now);
  Next give_back(Session& session, LeaseTime now);
  Next end(Session& session, LeaseTime now);

  AcquireRequest request_;
  Phase phase_ = Phase::acquiring;
  Boxed<Acquire> acquiring_;
  LeaseTime refresh_at_{};
  std::optional<Result> waited_;     ///< the answer to a wait that was cut short to refresh
  std::size_t next_to_refresh_ = 0;  ///< the hold that is being refreshed
  RefreshBaton refreshing_;
  Lazy<Release> releasing_;
  Next interrupted_;  ///< the wait before which everything is given back
  std::error_code error_;
};

}  // namespace leaselock::protocol
