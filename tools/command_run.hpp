#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "leaselock/lock.hpp"
#include "lock_thread.hpp"
#include "signal_source.hpp"
#include "supervisor.hpp"
#include "wait_line.hpp"

namespace leaselock::tool {

struct RunOptions {
  LockOptions lock;
  std::string lockfile;
  std::vector<std::string> command;
  Duration kill_grace = std::chrono::seconds(5);
  bool destroy = false;
  bool quiet = false;
  bool trace = false;
};

/// One run of a command under a lock. Everything that touches the file system happens in the lock thread.
class CommandRun {
 public:
  explicit CommandRun(RunOptions options);
  /// Returns the exit status of the program.
  int run();

 private:
  LockOptions lock_options();
  std::optional<Failure> perform(std::function<void()> call);
  std::optional<int> acquire();
  void tell_of_predecessor() const;
  ChildSettings child_settings() const;
  int run_child();
  int give_back(int status);
  int close(int status);
  void leave_on_signal(const std::string& why);
  [[noreturn]] void leave_at_once(int status, const std::string& why);

  RunOptions options_;
  boost::asio::io_context io_;
  SignalSource signals_{io_};
  std::stop_source stop_;
  std::optional<WaitLine> wait_line_;
  std::optional<Lock> lock_;
  std::optional<ChildProcess> child_;
  std::optional<Supervisor> supervisor_;
  LockThread thread_{io_};
};

}  // namespace leaselock::tool
