#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "bond.hpp"
#include "child_process.hpp"
#include "leaselock/keep_alive.hpp"
#include "leaselock/lock.hpp"
#include "lock_thread.hpp"
#include "metrics_file.hpp"
#include "signal_source.hpp"
#include "supervisor.hpp"
#include "wait_line.hpp"

namespace leaselock::tool {

struct RunOptions {
  LockOptions lock;
  std::string lockfile;
  std::vector<std::string> command;
  Duration kill_grace = std::chrono::seconds(5);
  bool only_command = false;
  bool destroy = false;
  bool quiet = false;
  bool trace = false;
  std::string metrics;  ///< the file for Prometheus; empty: none
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
  void lock_and_keep();
  std::optional<int> acquire();
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
  std::optional<Lock> lock_;
  Predecessor before_;
  std::optional<KeepAlive> keep_;
  std::optional<ChildProcess> child_;
  std::optional<Supervisor> supervisor_;
  LockThread thread_{io_};
};

}  // namespace leaselock::tool
