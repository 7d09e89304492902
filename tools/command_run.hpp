#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "bond.hpp"
#include "child_process.hpp"
#include "held_lock.hpp"
#include "leaselock/keep_alive.hpp"
#include "lock_thread.hpp"
#include "metrics_file.hpp"
#include "run_marker.hpp"
#include "signal_source.hpp"
#include "supervisor.hpp"
#include "wait_line.hpp"

namespace leaselock::tool {

struct RunOptions {
  LockOptions lock;
  HoldRequest request;
  std::string lockfile;
  std::vector<std::string> command;
  Duration kill_grace = std::chrono::seconds(5);
  bool only_command = false;
  bool destroy = false;
  bool quiet = false;
  bool trace = false;
  std::string metrics;  ///< the file for Prometheus; empty: none
  MarkerOptions marker;
};

/// One run of a command under a lock, in the keeper (front.hpp). Everything that touches the file system happens in the
/// lock thread.
class CommandRun {
 public:
  CommandRun(RunOptions options, Bond& bond);
  /// Returns the exit status of the program.
  int run();

 private:
  int run_under_lock();
  LockOptions lock_options();
  std::optional<Failure> perform(std::function<void()> call);
  std::optional<int> attempt(std::function<void()> call);
  void lock_and_keep();
  std::optional<int> acquire();
  std::optional<int> mark_running();
  void advise_on_purpose();
  void stop_with_front();
  void tell_of_predecessor() const;
  void tell_of_control_group();
  ChildSettings child_settings() const;
  int run_child();
  int give_back(int status);
  int close(int status);
  void leave_on_signal(const std::string& why);
  void leave_in_time(const std::string& why);
  [[noreturn]] void leave_at_once(int status, const std::string& why);

  RunOptions options_;
  Bond& bond_;
  boost::asio::io_context io_;
  SignalSource signals_{io_, {SIGTSTP, SIGCONT, front_is_gone()}, {SIGTTIN, SIGTTOU}};
  LeaseTimer leave_timer_{io_};
  std::stop_source stop_;
  std::optional<WaitLine> wait_line_;
  std::optional<MetricsFile> metrics_;
  std::optional<HeldLock> lock_;
  std::vector<Slot> held_;
  Predecessor before_;
  std::optional<KeepAlive> keep_;
  std::optional<RunMarker> marker_;  ///< asks the KeepAlive
  std::optional<ChildProcess> child_;
  std::optional<Supervisor> supervisor_;
  LockThread thread_{io_};
};

}  // namespace leaselock::tool
