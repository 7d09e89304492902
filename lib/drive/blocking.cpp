#include "drive/blocking.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include "drive/perform.hpp"
#include "drive/trace.hpp"

namespace leaselock::drive {
namespace {

/// How long a request to stop may go unnoticed in a sleep.
constexpr auto longest_nap = std::chrono::milliseconds(50);

protocol::Result sleep(const protocol::step::WaitUntil& wait, ports::FileSystem& files,
                       const ports::Environment& environment, const std::stop_token& stop) {
  if (!stop.stop_possible()) return perform(wait, files, environment);
  protocol::Result result;
  do {
    result = perform(protocol::step::WaitUntil{std::min(wait.until, environment.clock.now() + longest_nap)}, files,
                     environment);
  } while (result.received < wait.until && !stop.stop_requested());
  return result;
}

}  // namespace

void run_blocking(protocol::Engine& engine, std::optional<protocol::Step> first, ports::FileSystem& files,
                  const ports::Environment& environment, const Observers& observers) {
  std::optional<protocol::Step> step = std::move(first);
  while (step) {
    if (observers.stop.stop_requested()) engine.give_up();
    const auto* wait = std::get_if<protocol::step::WaitUntil>(&*step);
    if (wait != nullptr && observers.on_wait) observers.on_wait(*wait);
    const protocol::Result result =
        wait != nullptr ? sleep(*wait, files, environment, observers.stop) : perform(*step, files, environment);
    if (observers.on_trace) observers.on_trace(trace_line(*step, result));
    step = engine.resume(result);
  }
}

}  // namespace leaselock::drive
