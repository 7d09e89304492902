#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "leaselock/async_keep_alive.hpp"
#include "step_gate.hpp"

namespace leaselock::testing {

/// With what async_keep_alive() reports.
class AsyncKeeping : public GatedTest {
 protected:
  static LockOptions lasting(LockOptions with, Duration lifetime) {
    with.lifetime = lifetime;
    return with;
  }
  KeepAliveOptions logged() {
    KeepAliveOptions with;
    with.on_change = [this](const LeaseReport& report) { reports.push_back(report); };
    return with;
  }
  auto handler() {
    return [this](error_code error) { result = error; };
  }
  void run_until(const std::function<bool()>& done) {
    context.restart();
    while (!done()) ASSERT_NE(context.run_one(), 0U) << "nothing more to wait for";
  }
  void run_until(LeaseState state) {
    run_until([&] { return !reports.empty() && reports.back().state == state; });
  }
  void poll() {
    context.restart();
    context.poll();
  }

  std::vector<LeaseReport> reports;
  std::optional<error_code> result;
};

}  // namespace leaselock::testing
