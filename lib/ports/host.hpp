#pragma once

#include <cstdint>
#include <string>

#include "leaselock/lease_time.hpp"
#include "protocol/names.hpp"

namespace leaselock::ports {

/// This machine and this process. Thread safety: shared by all Lock objects.
class Host {
 public:
  virtual ~Host() = default;

  /// Host name as it is, process id, boot field and start time; `random` is left empty. A forked child asks again.
  virtual protocol::Owner identity() = 0;
  virtual std::uint32_t effective_user() = 0;

  /// True only if the process certainly does not run any more (protocol.md section 8): its boot field is ours, and
  /// its id is unused, belongs to a process with another start time, or to one whose every thread has ended and which
  /// only its parent has not fetched yet. Whatever cannot be found out means alive.
  virtual bool provably_gone(const std::string& boot, std::uint64_t start, std::int64_t pid) = 0;

  /// True only if exactly this process certainly runs now: its boot field is ours, and its id belongs to a process with
  /// its start time. Whoever is neither gone nor certain to run may be either.
  virtual bool certainly_runs(const std::string& boot, std::uint64_t start, std::int64_t pid) = 0;

  /// No process has this id here. For what flufl.lock tells of its claims, which name no boot: never a reason to break.
  virtual bool is_unused(std::int64_t pid) = 0;

  /// How many forks lie between this process and the first that asked: what was made in another generation belongs to
  /// a parent. Any thread, no system call.
  virtual std::uint64_t fork_generation() noexcept = 0;

  /// For people and for flufl.lock's files only; decides nothing.
  virtual WallTime wall_now() = 0;
};

}  // namespace leaselock::ports
