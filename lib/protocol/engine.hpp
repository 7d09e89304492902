#pragma once

#include <optional>
#include <system_error>
#include <variant>

#include "protocol/acquire.hpp"
#include "protocol/acquire_slots.hpp"
#include "protocol/change_sharing.hpp"
#include "protocol/close.hpp"
#include "protocol/destroy.hpp"
#include "protocol/each_slot.hpp"
#include "protocol/inspect.hpp"
#include "protocol/refresh.hpp"
#include "protocol/release.hpp"
#include "protocol/session.hpp"
#include "protocol/step.hpp"
#include "protocol/sweep.hpp"

namespace leaselock::protocol {

/// The protocol of one Lock object as a value: its session and the operation that is under way. It can be copied,
/// does no I/O and reads no clock. A driver starts an operation, performs each step it is given, and resumes with the
/// result until no step comes back; then error() tells how it ended. One operation at a time.
class Engine {
 public:
  Engine() = default;
  Engine(Settings settings, Owner me) : session_(std::move(settings), std::move(me)) {}

  /// lock(): ends without a step when there is nothing to do (already_locked).
  std::optional<Step> start_acquire(AcquireRequest request, LeaseTime now);
  std::optional<Step> start_refresh(std::optional<Duration> lifetime, LeaseTime now);
  std::optional<Step> start_release(LeaseTime now);
  std::optional<Step> start_destroy(LeaseTime now, DestroyRequest request = {});
  /// Of a shared lock: from reader to writer, without waiting, and back (9.2).
  std::optional<Step> start_upgrade(LeaseTime now);
  std::optional<Step> start_downgrade(LeaseTime now);
  /// Reads only; outcome in sighting().
  std::optional<Step> start_inspect(LeaseTime now);
  /// Removes what crashed processes left; outcome in swept().
  std::optional<Step> start_sweep(LeaseTime now, SweepRequest request = {});
  /// Removes our own claim; for the end of an object's life.
  std::optional<Step> start_close(LeaseTime now);

  std::optional<Step> resume(const Result& result);

  /// Makes a waiting acquire end at its next look, as if its timeout had passed. Other operations do not wait.
  void give_up();

  /// Empty when the last operation succeeded.
  std::error_code error() const { return error_; }
  bool running() const { return !std::holds_alternative<std::monostate>(operation_); }

  const Session& session() const { return session_; }
  Session& session() { return session_; }
  const Sighting& sighting() const { return sighting_; }
  const Swept& swept() const { return swept_; }

 private:
  template <class Operation, class... Parameters>
  std::optional<Step> begin(LeaseTime now, Parameters&&... parameters);
  std::optional<Step> finish();

  Session session_;
  std::variant<std::monostate, Acquire, AcquireSlots, Refresh, RefreshSlots, Release, ReleaseSlots, Upgrade, Downgrade,
               Destroy, Inspect, Sweep, Close>
      operation_;
  std::error_code error_;
  Sighting sighting_;
  Swept swept_;
};

}  // namespace leaselock::protocol
