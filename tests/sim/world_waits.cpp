#include <algorithm>
#include <cerrno>
#include <utility>

#include "world.hpp"

/// What a host's kernel does for those of its processes that wait: time, the line at the gate, watches, news of the
/// death of other processes (docs/protocol.md 7.3 and 8).
namespace leaselock::sim {

namespace step = protocol::step;
using namespace std::chrono_literals;

bool World::start_waiting(Process& process, const protocol::Step& step) {
  if (const auto* wait = std::get_if<step::WaitUntil>(&step)) {
    sleep_until(process, wait->until, 0);
    process.wait = *wait;
    const bool news = wait->watching && std::exchange(process.noticed, false);
    const auto& other = wait->process;
    const bool dead = other && is_gone(process, {other->boot, other->start, other->pid});
    const bool may_wake = wait->watching || other;
    if (news || dead || (may_wake && faults_->wakes_for_nothing())) wake(process.number);
    return true;
  }
  if (const auto* gate = std::get_if<step::EnterGate>(&step)) {
    enter_gate(process, *gate);
    return true;
  }
  if (std::holds_alternative<step::LeaveGate>(step)) {
    leave_gate(process);
    answer_soon(process);
    return true;
  }
  if (const auto* watch = std::get_if<step::Watch>(&step)) {
    const bool fails = faults_->watch_fails();
    process.watched.reset();
    process.noticed = false;
    if (!fails) process.watched = process.open[static_cast<std::size_t>(watch->place)];
    answer_soon(process, fails ? EMFILE : 0);
    return true;
  }
  if (const auto* probe = std::get_if<step::ProbeProcess>(&step)) {
    process.asleep = true;
    Event event = event_for(process, Event::What::wake);
    event.sleep = ++process.sleeps;
    event.gone = is_gone(process, *probe);
    event.runs = !event.gone && probe->boot == hosts_[process.host].boot;
    schedule(now_ + 1us, std::move(event));
    return true;
  }
  return false;
}

void World::sleep_until(Process& process, LeaseTime until, int error) {
  process.asleep = true;
  Event event = event_for(process, Event::What::wake);
  event.sleep = ++process.sleeps;
  event.error = error;
  const TrueTime due = until == LeaseTime::max() ? end_ : true_time(process, until);
  schedule(std::max(now_, due) + random_.between(Duration::zero(), scenario_.local ? Duration(200us) : Duration(5ms)),
           std::move(event));
}

void World::answer_soon(Process& process, int error) {
  process.asleep = true;
  Event event = event_for(process, Event::What::wake);
  event.sleep = ++process.sleeps;
  event.error = error;
  schedule(now_ + 1us, std::move(event));
}

void World::wake(std::size_t number) {
  Process& process = processes_[number];
  if (!process.asleep) return;
  Event event = event_for(process, Event::What::wake);
  event.sleep = process.sleeps;
  schedule(now_ + random_.between(Duration(5us), Duration(300us)), std::move(event));
}

void World::enter_gate(Process& process, const step::EnterGate& gate) {
  if (faults_->lacks_gates()) return answer_soon(process, ENOLCK);
  if (faults_->deletes_gate()) gates_.delete_files();
  const std::size_t kernel = scenario_.local ? 0 : process.host;
  if (gates_.enter(kernel, gate.name, process.number)) return answer_soon(process);
  sleep_until(process, gate.until, ETIMEDOUT);
}

void World::leave_gate(Process& process) {
  process.watched.reset();
  process.noticed = false;
  if (const auto next = gates_.leave(process.number)) wake(*next);
}

void World::notice_change(const Request& request, std::size_t host) {
  const Request::Kind kind = request.kind;
  if (kind == Request::Kind::write || kind == Request::Kind::touch || !request.modifies()) return;
  for (Process& process : processes_) {
    if ((!scenario_.local && process.host != host) || !process.watched) continue;
    if (*process.watched != request.object && server_.status(*process.watched) != nullptr) continue;
    if (process.asleep && process.wait && process.wait->watching) {
      wake(process.number);
    } else {
      process.noticed = true;
    }
  }
}

void World::notice_death(const Process& dead) {
  const std::string& boot = hosts_[dead.host].boot;
  for (const Process& process : processes_) {
    if (process.host != dead.host || !process.asleep || !process.wait) continue;
    if (process.wait->process == step::ProcessId{boot, dead.start, dead.pid}) wake(process.number);
  }
}

void World::crash(Process& process) {
  if (tracing_) note(process, "is killed");
  notice_death(process);
  ++process.incarnation;
  process.alive = process.holding = process.waiting = process.asleep = false;
  process.pending.reset();
  process.contender.reset();
  process.judge.reset();
  process.stopped_until = {};
  if (faults_->leaves_gate_shut()) gates_.leave_shut(process.number);
  leave_gate(process);
  watch(process);
  schedule(std::min(now_ + faults_->crash_length(), std::max(heal_, now_)), event_for(process, Event::What::restart));
}

/// Its processes die, and what their names say of this host means nothing to it any more.
void World::reboot(std::size_t number) {
  if (tracing_) note("host " + std::to_string(number) + " reboots");
  for (Process& process : processes_) {
    if (process.host == number && process.alive) crash(process);
  }
  hosts_[number].boot = new_boot();
}

void World::restart(Process& process) {
  choose_pid(process);
  make_contender(process);
  process.alive = true;
  next(process);
}

/// Ids are few and soon used again, by the same process or another.
void World::choose_pid(Process& process) {
  const auto taken = [&](std::int64_t pid) {
    return std::ranges::any_of(processes_, [&](const Process& other) {
      return other.alive && other.number != process.number && other.host == process.host && other.pid == pid;
    });
  };
  do {
    process.pid = random_.between(100, 105);
  } while (taken(process.pid));
  process.start = ++starts_;
}

bool World::is_gone(const Process& asking, const step::ProbeProcess& probe) const {
  const std::string& boot = hosts_[asking.host].boot;
  if (probe.boot != boot) return false;
  return std::ranges::none_of(processes_, [&](const Process& process) {
    return process.alive && process.host == asking.host && process.pid == probe.pid && process.start == probe.start;
  });
}

}  // namespace leaselock::sim
