#pragma once

#include <algorithm>
#include <atomic>
#include <optional>

#include "leaselock/holder.hpp"
#include "leaselock/lease_time.hpp"
#include "protocol/session.hpp"

namespace leaselock {

/// What any thread may ask about a hold at any time, while another thread's operation changes the session.
class PublishedHold {
 public:
  /// From here on nobody is told that we hold the lock: before anything is sent that gives it away.
  void withdraw() noexcept {
    deadline_.store(0, std::memory_order_release);
    token_.store(0, std::memory_order_release);
  }

  void publish(const protocol::Session& session) noexcept {
    const auto& hold = session.hold;
    if (!hold || !hold->owner) return withdraw();
    token_.store(session.settings.fenced ? hold->baton.number : 0, std::memory_order_release);
    deadline_.store(hold->deadline.time_since_epoch().count(), std::memory_order_release);
  }

  Duration remaining() const noexcept {
    const LeaseTime deadline{Duration(deadline_.load(std::memory_order_acquire))};
    return std::max(deadline - LeaseClock::now(), Duration::zero());
  }

  std::optional<FencingToken> token() const noexcept {
    const FencingToken token = token_.load(std::memory_order_acquire);
    return token == 0 ? std::nullopt : std::optional(token);
  }

 private:
  std::atomic<std::int64_t> deadline_{0};  ///< on LeaseClock, which never reads zero or less
  std::atomic<FencingToken> token_{0};
};

}  // namespace leaselock
