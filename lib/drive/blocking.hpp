#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "ports/environment.hpp"
#include "ports/file_system.hpp"
#include "protocol/engine.hpp"
#include "protocol/step.hpp"

namespace leaselock::drive {

/// Who watches an operation and may end its waiting. All may be empty; the functions are called from the thread that
/// runs the operation and must not throw.
struct Observers {
  /// Before each sleep.
  std::function<void()> on_wait;
  /// Before each step, with a moment shortly before it.
  std::function<void(const protocol::Step&, LeaseTime now)> before_step;
  /// After each step, with one line: the step as protocol::to_string() prints it, and its outcome.
  std::function<void(const std::string&)> on_trace;
  /// Ends waiting; requests that are under way are waited for, because they cannot be taken back.
  std::stop_token stop;
};

/// Runs an operation that was just started to its end, blocking the calling thread. `first` is what the engine's
/// start function returned. How it ended is in engine.error().
void run_blocking(protocol::Engine& engine, std::optional<protocol::Step> first, ports::FileSystem& files,
                  const ports::Environment& environment, const Observers& observers = {});

}  // namespace leaselock::drive
