#pragma once

#include <signal.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "control_group.hpp"

namespace leaselock::tool {

struct ChildSettings {
  std::vector<std::string> command;  ///< looked up in PATH
  /// Set in the child's environment; a name without a value is taken out of it.
  std::vector<std::pair<std::string, std::optional<std::string>>> environment;
  sigset_t signal_mask{};
  pid_t terminal_group = -1;                    ///< whose signals the terminal sends, if there is one
  const ControlGroup* control_group = nullptr;  ///< to be put into
};

/// The command that runs under the lock, and everything that it started.
///
/// With a controlling terminal it joins the front's process group, so that it can read the terminal and the terminal's
/// own signals reach it. Without one (cron, CI, services) it leads a group of its own, so that signals reach everything
/// it started. When this program dies without being able to stop it, the kernel kills it: nobody would refresh the lock
/// any more.
class ChildProcess {
 public:
  /// Must be called from the main thread: the kernel's watch is over the thread that forked.
  /// Throws: std::system_error with the reason why the command could not be executed.
  explicit ChildProcess(const ChildSettings& settings);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Sends a signal to the command, and to its whole group where it has its own; after its end to what it left behind.
  void send(int signal_number) const;
  /// The same to every process that it started, however that detached itself.
  void send_to_all(int signal_number) const;
  /// Kills them all. To be repeated until everything_has_ended().
  void kill_all() const;
  bool shares_the_terminal() const { return !own_group_; }

  /// To be called after each SIGCHLD.
  void fetch_the_ended();
  /// The command's exit status, or 128 plus the number of the signal that ended it; empty while it runs.
  std::optional<int> status() const { return status_; }
  /// The command and all that it started.
  bool everything_has_ended() const { return everything_has_ended_; }

 private:
  bool own_group_;
  const ControlGroup* control_group_;
  pid_t pid_ = -1;
  std::optional<int> status_;
  bool everything_has_ended_ = false;
};

}  // namespace leaselock::tool
