#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace leaselock::cluster {

/// A command that runs on a host. Its standard output and error come line by line.
class RemoteCommand {
 public:
  /// Called in a thread of this object's own.
  using OnLine = std::function<void(const std::string& line)>;

  /// Returns when the host has accepted the command. Throws std::runtime_error if it does not within the patience.
  RemoteCommand(const std::string& address, const std::vector<std::string>& words, OnLine on_line,
                std::chrono::milliseconds patience = std::chrono::seconds(60));
  /// Gives up waiting; the command itself is not ended.
  ~RemoteCommand();
  RemoteCommand(const RemoteCommand&) = delete;
  RemoteCommand& operator=(const RemoteCommand&) = delete;

  /// The exit status as the shell counts it; empty if it was given up, or has not ended within the time.
  std::optional<int> wait(std::chrono::milliseconds patience);
  /// Whether no more lines will come: it has ended, or was given up.
  bool has_ended() const { return ended_.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }
  /// The process id on its host; waits until that is known.
  int pid();
  /// Ends every wait: nothing will come any more, since the host has crashed.
  void give_up();

 private:
  void read();
  void take(const std::string& line);

  int connection_;
  OnLine on_line_;
  std::promise<int> pid_;
  std::shared_future<int> pid_known_;
  std::promise<std::optional<int>> status_;
  std::shared_future<std::optional<int>> ended_;
  std::optional<int> exit_status_;
  std::thread reader_;
};

}  // namespace leaselock::cluster
