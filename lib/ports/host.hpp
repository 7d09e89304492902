#pragma once

#include <cstdint>
#include <string>

#include "leaselock/lease_time.hpp"
#include "protocol/names.hpp"

namespace leaselock::ports {

enum class ProcessState : std::uint8_t { unknown, runs, gone };

/// This machine and this process. Thread safety: shared by all Lock objects.
class Host {
 public:
  virtual ~Host() = default;

  /// Host name as it is, process id, boot field and start time; `random` is left empty. A forked child asks again.
  virtual protocol::Owner identity() = 0;
  virtual std::uint32_t effective_user() = 0;

  /// What is certain of one process (protocol.md section 8). gone: its boot field is ours, and its id is unused,
  /// belongs to a process with another start time, or to one whose every thread has ended and which only its parent has
  /// not fetched yet. runs: its boot field is ours, and its id belongs to a process with its start time. unknown:
  /// whatever cannot be found out, which means alive.
  virtual ProcessState state_of(const std::string& boot, std::uint64_t start, std::int64_t pid) = 0;
  bool provably_gone(const std::string& boot, std::uint64_t start, std::int64_t pid) {
    return state_of(boot, start, pid) == ProcessState::gone;
  }

  /// No process has this id here. For what flufl.lock tells of its claims, which name no boot: never a reason to break.
  virtual bool is_unused(std::int64_t pid) = 0;

  /// How many forks lie between this process and the first that asked: what was made in another generation belongs to
  /// a parent. Any thread, no system call.
  virtual std::uint64_t fork_generation() noexcept = 0;

  /// For people and for flufl.lock's files only; decides nothing.
  virtual WallTime wall_now() = 0;
};

}  // namespace leaselock::ports
