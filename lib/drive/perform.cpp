#include "drive/perform.hpp"

#include <variant>

namespace leaselock::drive {

protocol::Result perform(const protocol::Step& step, ports::FileSystem& files, const ports::Environment& environment) {
  return perform(step, files, environment, environment.clock.now());
}

protocol::Result perform(const protocol::Step& step, ports::FileSystem& files, const ports::Environment& environment,
                         LeaseTime sent) {
  protocol::Result result;
  result.sent = sent;
  const auto* wait = std::get_if<protocol::step::WaitUntil>(&step);
  if (wait != nullptr && !wait->watching && !wait->process) {
    environment.clock.wait_until(wait->until);
  } else if (const auto* probe = std::get_if<protocol::step::ProbeProcess>(&step)) {
    const auto state = environment.host.state_of(probe->boot, probe->start, probe->pid);
    result.gone = state == ports::ProcessState::gone;
    result.runs = state == ports::ProcessState::runs;
  } else {
    files.perform(step, result);
  }
  result.received = environment.clock.now();
  return result;
}

}  // namespace leaselock::drive
