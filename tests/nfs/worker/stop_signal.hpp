#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <thread>

namespace leaselock::nfs {

/// Asks for a stop when SIGTERM comes or a time has passed, whatever the rest of the program is waiting for. It must be
/// made before any other thread: it blocks the signal for all of them.
class StopSignal {
 public:
  explicit StopSignal(std::optional<std::chrono::nanoseconds> after);
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  std::stop_token token() const { return source_.get_token(); }
  bool stopped() const { return source_.stop_requested(); }

 private:
  std::stop_source source_;
  std::thread waiter_;
};

}  // namespace leaselock::nfs
