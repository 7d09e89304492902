#include "chaos.hpp"

#include <thread>
#include <utility>

#include "said.hpp"
#include "shared_cluster.hpp"

namespace leaselock::nfs {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

}  // namespace

std::string to_string(Fault fault) {
  switch (fault) {
    case Fault::kill:
      return "kill";
    case Fault::crash:
      return "crash";
    case Fault::pause:
      return "pause";
    case Fault::cut:
      return "cut";
    case Fault::restart_service:
      return "restart service";
    case Fault::crash_server:
      return "crash server";
    case Fault::wrong_clock:
      return "wrong clock";
    case Fault::weather:
      return "weather";
  }
  return {};
}

ChaosLimits limits_of_fenced() {
  return {{Fault::kill, Fault::crash, Fault::pause, Fault::cut, Fault::restart_service, Fault::crash_server,
           Fault::wrong_clock, Fault::weather},
          12s};
}

ChaosLimits limits_of_compat() { return {{Fault::kill, Fault::crash, Fault::pause, Fault::cut, Fault::weather}, 3s}; }

Chaos::Chaos(std::uint64_t seed, ChaosLimits limits, std::size_t hosts, std::vector<std::shared_ptr<Contest>> contests,
             std::function<void(std::size_t host)> after_boot)
    : limits_(std::move(limits)),
      hosts_(hosts),
      contests_(std::move(contests)),
      after_boot_(std::move(after_boot)),
      random_(seed) {}

milliseconds Chaos::draw(milliseconds least, milliseconds most) {
  return milliseconds(std::uniform_int_distribution<std::int64_t>(least.count(), most.count())(random_));
}

std::size_t Chaos::draw_index(std::size_t size) {
  return std::uniform_int_distribution<std::size_t>(0, size - 1)(random_);
}

void Chaos::mark(const std::string& host, const std::string& what) {
  for (const auto& contest : contests_) contest->mark(host, what);
}

void Chaos::run(std::chrono::seconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
    play(limits_.faults[draw_index(limits_.faults.size())]);
    std::this_thread::sleep_for(draw(200ms, 2s));
  }
  clear_weather();
}

void Chaos::play(Fault fault) {
  ++counts_[fault];
  cluster::Cluster& all = shared_cluster();
  const std::size_t host = draw_index(hosts_);
  const milliseconds length = draw(500ms, limits_.longest_outage);
  say("  " + std::string(to_string(fault)) + ' ' + all.host(host).name() + ' ' + std::to_string(length.count()) +
      " ms\n");
  switch (fault) {
    case Fault::kill:
      return kill_one_of_each(length / 2);
    case Fault::restart_service:
      mark("server", "restart service");
      return all.restart_service();
    case Fault::crash_server:
      mark("server", "crash");
      all.crash_and_restart_server();
      return mark("server", "boot");
    case Fault::weather:
      return change_weather();
    default:
      return on_host(fault, host, length);
  }
}

void Chaos::on_host(Fault fault, std::size_t index, milliseconds length) {
  cluster::Host& host = shared_cluster().host(index);
  mark(host.name(), to_string(fault));
  if (fault == Fault::crash) {
    host.crash();
    forget_mounts(index);
    std::this_thread::sleep_for(length / 2);
    shared_cluster().boot(host);
    after_boot_(index);
    for (const auto& contest : contests_) contest->restart(index);
  } else if (fault == Fault::pause) {
    host.pause();
    std::this_thread::sleep_for(length);
    host.resume();
  } else if (fault == Fault::cut) {
    host.cut();
    std::this_thread::sleep_for(length);
    host.heal();
  } else {
    const std::chrono::seconds errors[] = {3600s, -3600s, 24h * 3650, -24h * 3650};
    host.set_clock(errors[draw_index(4)]);
    std::this_thread::sleep_for(length);
    host.set_clock(0s);
  }
  mark(host.name(), "over");
}

void Chaos::kill_one_of_each(milliseconds pause) {
  for (const auto& contest : contests_) {
    contest->kill(draw_index(contest->size()));
  }
  std::this_thread::sleep_for(pause);
  for (const auto& contest : contests_) {
    for (std::size_t host = 0; host < hosts_; ++host) contest->restart(host);
  }
}

void Chaos::change_weather() {
  cluster::LinkConditions conditions;
  conditions.delay = draw(0ms, 10ms);
  if (conditions.delay > 0ms) conditions.reorder_percent = static_cast<double>(draw_index(30));
  conditions.loss_percent = static_cast<double>(draw_index(4));
  conditions.duplicate_percent = static_cast<double>(draw_index(4));
  shared_cluster().server().set_link(conditions);
  for (std::size_t host = 0; host < hosts_; ++host) shared_cluster().host(host).set_link(conditions);
}

void Chaos::clear_weather() { shared_cluster().set_round_trip(0ms); }

}  // namespace leaselock::nfs
