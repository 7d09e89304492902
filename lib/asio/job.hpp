#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <system_error>

#include "asio/waiting_handlers.hpp"
#include "leaselock/lease_timer.hpp"
#include "protocol/engine.hpp"

namespace leaselock {

/// One operation of an AsyncLock, from its call until nothing of it is left to do.
struct Job {
  enum class Kind : std::uint8_t { acquire, refresh, release, upgrade, downgrade, close };
  /// An acquisition that is not wanted any more gives the lock back, one that did not get it removes its claim.
  enum class Phase : std::uint8_t { working, giving_back, closing };

  Kind kind = Kind::close;
  LeaseTime called{};                       ///< acquire: when the user asked for it
  LeaseTime give_up_at = LeaseTime::max();  ///< the same
  std::uint32_t slots = 1;                  ///< the same
  bool shared = false;                      ///< the same
  std::optional<Duration> lifetime;         ///< refresh
  WaitingHandlers::Number handler = 0;      ///< zero when nobody waits for it any more

  bool started = false;               ///< a thread of the pool has begun it
  bool cancelled = false;             ///< its success is not wanted any more
  std::unique_ptr<LeaseTimer> timer;  ///< runs while it sleeps

  // Only for the thread that runs it.
  Phase phase = Phase::working;
  std::unique_ptr<protocol::Engine> engine;
  LeaseTime asleep_since{};
  LeaseTime asleep_until{};
  std::error_code error;
};

}  // namespace leaselock
