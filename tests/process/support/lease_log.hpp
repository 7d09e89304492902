#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <vector>

#include "leaselock/keep_alive_options.hpp"

namespace leaselock::testing {

/// What was reported of a lease that is kept alive, for a test to wait for.
class LeaseLog {
 public:
  /// For KeepAliveOptions::on_change.
  std::function<void(const LeaseReport&)> hook() {
    return [this](const LeaseReport& report) {
      const std::lock_guard guard(mutex_);
      reports_.push_back(report);
      changed_.notify_all();
    };
  }

  /// The next report of which this is true, among those that were not waited for yet.
  LeaseReport wait_for(const std::function<bool(const LeaseReport&)>& what) {
    std::unique_lock guard(mutex_);
    for (;;) {
      changed_.wait(guard, [this] { return seen_ < reports_.size(); });
      const LeaseReport report = reports_[seen_++];
      if (what(report)) return report;
    }
  }
  LeaseReport wait_for(LeaseState state) {
    return wait_for([state](const LeaseReport& report) { return report.state == state; });
  }
  std::size_t size() {
    const std::lock_guard guard(mutex_);
    return reports_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<LeaseReport> reports_;
  std::size_t seen_ = 0;
};

}  // namespace leaselock::testing
