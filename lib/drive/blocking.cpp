#include "drive/blocking.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>
#include <variant>

#include "drive/perform.hpp"
#include "drive/trace.hpp"

namespace leaselock::drive {
namespace {

/// How long a request to stop may go unnoticed in a sleep.
constexpr auto longest_nap = std::chrono::milliseconds(50);

/// Until when a step may sleep; null for those that do not.
LeaseTime* end_of_sleep(protocol::Step& step) {
  if (auto* wait = std::get_if<protocol::step::WaitUntil>(&step)) return &wait->until;
  if (auto* gate = std::get_if<protocol::step::EnterGate>(&step)) return &gate->until;
  return nullptr;
}

/// In naps, so that a request to stop is seen.
protocol::Result sleep(protocol::Step step, ports::FileSystem& files, const ports::Environment& environment,
                       const std::stop_token& stop) {
  if (!stop.stop_possible()) return perform(step, files, environment);
  const bool gate = std::holds_alternative<protocol::step::EnterGate>(step);
  LeaseTime& until = *end_of_sleep(step);
  const LeaseTime end = until;
  for (;;) {
    until = std::min(end, environment.clock.now() + longest_nap);
    const protocol::Result result = perform(step, files, environment);
    const bool woken = gate ? result.error != ETIMEDOUT : result.received < until;
    if (woken || until == end || stop.stop_requested()) return result;
  }
}

}  // namespace

void run_blocking(protocol::Engine& engine, std::optional<protocol::Step> first, ports::FileSystem& files,
                  const ports::Environment& environment, const Observers& observers) {
  std::optional<protocol::Step> step = std::move(first);
  LeaseTime before = environment.clock.now();
  while (step) {
    if (observers.stop.stop_requested()) engine.give_up();
    const bool sleeps = end_of_sleep(*step) != nullptr;
    if (observers.before_step) observers.before_step(*step, before);
    if (sleeps && observers.on_wait) observers.on_wait();
    const protocol::Result result =
        sleeps ? sleep(*step, files, environment, observers.stop) : perform(*step, files, environment, before);
    before = result.received;
    if (observers.on_trace) observers.on_trace(trace_line(*step, result));
    step = engine.resume(result);
  }
}

}  // namespace leaselock::drive
