#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <system_error>

#include "leaselock/export.hpp"
#include "leaselock/lease_time.hpp"

namespace leaselock {

/// What is known of a lease that is being kept alive. It goes held -> doubtful -> lost; doubtful may become held again,
/// lost is final (docs/keep_alive.md).
enum class LeaseState : std::uint8_t {
  /// Ours, with more than the margin left.
  held,
  /// Less than the margin is left and it could not be refreshed so far, or it has run out and whether somebody else has
  /// taken the lock is being found out. may_act() tells which.
  doubtful,
  /// The lock is somebody else's, or may be: the answer to a refresh said so, or there was none in time.
  lost,
};

/// The state in one word: "held", "doubtful", "lost".
LEASELOCK_API std::string to_string(LeaseState state);

/// What is known when a lease's state is reported. A plain value: copy it, post it to another thread.
struct LeaseReport {
  LeaseState state = LeaseState::held;
  /// When may_act() turns false unless the lease is refreshed until then. Nobody else may own the lock before that.
  LeaseTime deadline{};
  /// What was left until the deadline; zero when it was over.
  Duration remaining{};
  /// How the last refresh ended; empty when it succeeded, or when none has ended yet. Errc::mirror_lost came with a
  /// refreshed lease.
  std::error_code error;
  /// For how long the refresh that is under way has been waiting for its answer; empty when none is under way.
  std::optional<Duration> unanswered;
};

/// How a lock is kept alive. Lengths are checked against the lock's lifetime (Errc::invalid_options).
struct KeepAliveOptions {
  /// How much of the lease is left, at least, when it becomes doubtful: as long as your work takes to stop. More than
  /// zero, at most half of the lifetime. Default: a third of the lifetime, so that a refresh was sent when a third was
  /// over, and had a third for its answer, a second try, or a third one.
  std::optional<Duration> margin;

  /// How long after its end a lease is not given up, while a refresh may still find out that nobody has taken the lock:
  /// after suspend, SIGSTOP or a server's outage. It counts from when the end was noticed. may_act() is false
  /// meanwhile. Zero or more. Default: as the margin.
  std::optional<Duration> patience;

  /// When the work is asked to stop: at doubtful, which is before anybody else may own the lock; or at lost, which may
  /// be up to `patience` after that, for work whose resource checks the fencing token.
  LeaseState stop_at = LeaseState::doubtful;

  /// Called at each change of the state or of the error, after a stop that goes with it was requested. What was over
  /// before it was noticed, such as a doubt that an answer ended first, is not reported. Must not throw and must not
  /// block: what is judged next waits for it. Must not use the lock but for may_act(), remaining() and fencing_token(),
  /// and must not end what called it. Who called it says in which thread.
  std::function<void(const LeaseReport&)> on_change;
};

}  // namespace leaselock
