#pragma once

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <vector>

#include "leaselock/holder.hpp"
#include "leaselock/lease_time.hpp"
#include "leaselock/semaphore.hpp"
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

  void publish(const protocol::Session& session) {
    const auto& hold = session.hold;
    if (!hold || !hold->owner) return withdraw();
    if (session.is_semaphore()) publish_slots(session);
    shared_.store(hold->shared, std::memory_order_release);
    token_.store(session.settings.fenced ? hold->baton.number : 0, std::memory_order_release);
    LeaseTime deadline = hold->deadline;
    for (const protocol::Hold& other : session.more) deadline = std::min(deadline, other.deadline);
    deadline_.store(deadline.time_since_epoch().count(), std::memory_order_release);
  }

  Duration remaining() const noexcept {
    const LeaseTime deadline{Duration(deadline_.load(std::memory_order_acquire))};
    return std::max(deadline - LeaseClock::now(), Duration::zero());
  }

  std::optional<FencingToken> token() const noexcept {
    const FencingToken token = token_.load(std::memory_order_acquire);
    return token == 0 ? std::nullopt : std::optional(token);
  }

  /// As a reader; says nothing while there is no token.
  bool shared() const noexcept { return shared_.load(std::memory_order_acquire); }

  /// Of a semaphore, in order of index.
  std::vector<Slot> slots() const {
    const std::lock_guard guard(mutex_);
    return token() ? slots_ : std::vector<Slot>();
  }

 private:
  void publish_slots(const protocol::Session& session) {
    const std::lock_guard guard(mutex_);
    slots_ = {{session.hold->baton.slot, session.hold->baton.number}};
    for (const protocol::Hold& other : session.more) slots_.push_back({other.baton.slot, other.baton.number});
  }

  std::atomic<std::int64_t> deadline_{0};  ///< on LeaseClock, which never reads zero or less
  std::atomic<FencingToken> token_{0};
  std::atomic<bool> shared_{false};
  mutable std::mutex mutex_;
  std::vector<Slot> slots_;
};

}  // namespace leaselock
