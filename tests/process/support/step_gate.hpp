#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>

namespace leaselock::testing {

/// Holds the thread that runs an operation at a step of the protocol, as a server does that does not answer.
class StepGate {
 public:
  /// For LockOptions::on_trace.
  std::function<void(const std::string&)> hook() {
    return [this](const std::string&) {
      std::unique_lock lock(mutex_);
      if (++steps_ != stop_at_) return;
      reached_ = true;
      changed_.notify_all();
      changed_.wait(lock, [this] { return open_; });
    };
  }

  /// The how many-th step from now is held; none when it is zero.
  void stop_at(int step) {
    const std::lock_guard lock(mutex_);
    steps_ = 0;
    stop_at_ = step;
    reached_ = open_ = false;
  }
  void wait_until_reached() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return reached_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  int steps() {
    const std::lock_guard lock(mutex_);
    return steps_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int steps_ = 0;
  int stop_at_ = 0;
  bool reached_ = false;
  bool open_ = false;
};

}  // namespace leaselock::testing
