#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace leaselock::testing {

/// Lines of text to and from another process.
class Channel {
 public:
  Channel(int in, int out) : in_(in), out_(out) {}
  Channel(Channel&& other) noexcept;
  Channel& operator=(Channel&&) = delete;
  ~Channel();

  void say(const std::string& line);
  /// Empty when the other side is gone, or silent for too long.
  std::optional<std::string> hear(std::chrono::milliseconds patience = std::chrono::minutes(1));

 private:
  int in_;
  int out_;
  std::string heard_;
};

/// A process that a test started, ended at the latest when the test is.
class Child {
 public:
  /// Runs a function in a forked child, which ends with status 0 when it returns and 99 when it throws.
  static Child running(const std::function<void(Channel&)>& body);
  /// Runs a program; the channel is its standard input and output.
  static Child executing(const std::vector<std::string>& command);

  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();

  pid_t pid() const { return pid_; }
  void say(const std::string& line) { channel_.say(line); }
  std::optional<std::string> hear(std::chrono::milliseconds patience = std::chrono::minutes(1)) {
    return channel_.hear(patience);
  }
  /// Says a line and hears the answer.
  std::string ask(const std::string& line);

  /// Stops it, and returns when it has stopped.
  void stop();
  void go_on();
  /// Kills it, and returns when it is gone.
  void kill();
  /// Waits for its end: the exit status, or minus the signal that ended it.
  int wait();

 private:
  Child(pid_t pid, Channel channel) : pid_(pid), channel_(std::move(channel)) {}
  static Child start(const std::function<void(int in, int out)>& run);

  pid_t pid_;
  Channel channel_;
};

/// Runs a function in several forked children, which are told their numbers.
std::vector<Child> run_many(int count, const std::function<void(int number, Channel&)>& body);

}  // namespace leaselock::testing
