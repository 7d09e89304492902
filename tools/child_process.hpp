#pragma once

#include <signal.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace leaselock::tool {

struct ChildSettings {
  std::vector<std::string> command;  ///< looked up in PATH
  /// Set in the child's environment; a name without a value is taken out of it.
  std::vector<std::pair<std::string, std::optional<std::string>>> environment;
  sigset_t signal_mask{};
};

/// The command that runs under the lock.
///
/// With a controlling terminal it shares our process group, so that it can read the terminal and the terminal's own
/// signals reach it. Without one (cron, CI, services) it leads a group of its own, so that signals reach everything
/// it started. When this program dies without being able to stop it, the kernel sends it SIGTERM: nobody would
/// refresh the lock any more.
class ChildProcess {
 public:
  /// Must be called from the main thread: the kernel's watch is over the thread that forked.
  /// Throws: std::system_error with the reason why the command could not be executed.
  explicit ChildProcess(const ChildSettings& settings);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Sends a signal to the command, and to its whole group where it has its own.
  void send(int signal_number) const;
  bool shares_our_group() const { return !own_group_; }
  /// Its exit status, or 128 plus the number of the signal that ended it; empty while it runs.
  std::optional<int> poll();

 private:
  bool own_group_;
  pid_t pid_ = -1;
  std::optional<int> status_;
};

}  // namespace leaselock::tool
