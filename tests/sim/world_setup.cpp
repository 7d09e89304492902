#include <array>

#include "describe.hpp"
#include "fleet.hpp"
#include "world.hpp"

/// Drawing a world from its seed.
namespace leaselock::sim {

using namespace std::chrono_literals;

namespace {

constexpr Duration horizon = 900s;
constexpr Duration patience = 400s;  ///< within which everybody must have had the lock once everything works

std::string hex(std::uint64_t value) {
  std::string digits(16, '0');
  for (std::size_t i = digits.size(); i-- > 0; value >>= 4) digits[i] = "0123456789abcdef"[value & 0xF];
  return digits;
}

}  // namespace

World::World(const Scenario& scenario, std::uint64_t seed, bool trace)
    : scenario_(scenario),
      seed_(seed),
      tracing_(trace),
      random_(seed * 0x2545F4914F6CDD1DULL + 1),
      exclusion_(scenario.promises),
      disk_(lock_name) {
  draw_parameters();
  if (scenario_.lost_files) plant_files();
}

void World::draw_parameters() {
  const bool only_fenced = scenario_.has_only(Kind::fenced);
  lifetime_ = random_.pick(std::array<Duration, 4>{5s, 6s, 10s, 15s});
  drift_ppm_ = only_fenced && (scenario_.loose_clocks || random_.chance(300)) ? 50'000 : 1000;
  round_trip_ = random_.pick(std::array<Duration, 4>{200us, 1ms, 10ms, 60ms});
  granularity_ = random_.pick(std::array<Duration, 4>{1ns, 4ms, 10ms, 1s});
  heal_ = TrueTime{} + random_.between(3 * lifetime_, 8 * lifetime_);
  end_ = heal_ + patience;
  FaultRates rates = FaultRates::draw(random_, scenario_.faults, lifetime_);
  if (!scenario_.long_pauses) rates.longest_pause = std::min(rates.longest_pause, lifetime_ / 4);
  if (scenario_.killed_renames) rates.kill = 200;
  faults_.emplace(random_.fork(), rates, scenario_.faults, round_trip_);

  // Two clocks whose rates each stay within this of the truth stay within rho of one another.
  const std::int64_t rate = drift_ppm_ * 47 / 100;
  Duration jump = random_.chance(500) ? Duration::zero() : Duration(1s);  // any two offsets within the grace of 2 s
  if (!scenario_.trust_server_clock) jump = 300s;
  if (scenario_.faults == FaultLevel::none) jump = Duration::zero();
  if (scenario_.loose_clocks) {
    jump = 1s;
    granularity_ = random_.chance(800) ? Duration(1s) : granularity_;
    heal_ = TrueTime{} + 8 * lifetime_ + 60s;
    end_ = heal_ + patience;
  }
  server_clock_ = SimulatedClock::jumping(random_, epoch, rate, horizon, jump);

  const std::size_t host_count = 1 + random_.below(3);
  std::string hosts;
  for (std::size_t i = 0; i < host_count; ++i) {
    Host host;
    const Duration start = random_.between(Duration::zero(), Duration(1'000'000s));
    host.clock = SimulatedClock::drifting(random_, start, rate, horizon);
    SimulatedClient::Policy policy;
    policy.trust = random_.pick(std::array<Duration, 4>{0s, 1s, 30s, 60s});
    policy.compares_times = random_.chance(300);
    if (scenario_.delegations) policy.delegation = random_.between(Duration(-60s), Duration(60s));
    host.client = SimulatedClient(policy);
    host.name = "h" + std::to_string(i);
    host.boot = hex(random_.next());
    host.wall_offset = epoch - start + random_.between(Duration(-4s), Duration(4s));
    hosts += ' ' + host.name + "(trust=" + describe(policy.trust) + (policy.compares_times ? ",v3)" : ")");
    hosts_.push_back(std::move(host));
  }

  const std::size_t process_count = 2 + random_.below(3);
  std::string fleet;
  for (std::size_t i = 0; i < process_count; ++i) {
    Process process;
    process.number = i;
    process.kind = i < scenario_.fleet.size() && !scenario_.has_only(scenario_.fleet[0])
                       ? scenario_.fleet[scenario_.fleet.size() - 1 - i]
                       : random_.pick(scenario_.fleet);
    process.host = random_.below(host_count);
    process.holds_left = static_cast<int>(1 + random_.below(3));
    make_contender(process);
    fleet += " p" + std::to_string(i) + '=' + to_string(process.kind) + '@' + hosts_[process.host].name;
    processes_.push_back(std::move(process));
  }
  if (!tracing_) return;
  note("scenario=" + scenario_.name + " seed=" + std::to_string(seed_) + " lifetime=" + describe(lifetime_) +
       " round_trip=" + describe(round_trip_) + " granularity=" + describe(granularity_) + " server_jump=" +
       describe(jump) + " drift_ppm=" + std::to_string(drift_ppm_) + " heal=" + describe(heal_ - TrueTime{}));
  note("faults: " + rates.describe());
  note("hosts:" + hosts + "; processes:" + fleet);
}

void World::make_contender(Process& process) {
  const Host& host = hosts_[process.host];
  Member member;
  member.kind = process.kind;
  member.host = host.name;
  member.pid = process.pid();
  member.incarnation = process.incarnation;
  member.boot = host.boot;
  member.random = hex(random_.next()) + hex(random_.next());
  member.lifetime = lifetime_;
  member.mirror = scenario_.mirror;
  member.trust_server_clock = scenario_.trust_server_clock;
  member.drift_ppm = drift_ppm_;
  member.wall_offset = host.wall_offset;
  process.owner = member.random;
  process.open = {server_.root()};
  process.contender.emplace(sim::make_contender(member, random_.next()));
}

/// Strange files that must survive: at the lock path, named in it, and with names that are almost ours.
void World::plant_files() {
  const auto plant = [this](const std::string& name, const std::string& contents, Duration time = epoch - 3600s) {
    Request request;
    request.kind = Request::Kind::create;
    request.object = server_.root();
    request.name = name;
    request.sender = 99;
    const Reply made = server_.execute(request, server_now());
    request.kind = Request::Kind::write;
    request.object = made.handle;
    request.contents = contents;
    server_.execute(request, server_now());
    request.kind = Request::Kind::touch;
    request.time = ServerTime(time);
    server_.execute(request, server_now());
    disk_.protect(server_, name);
  };
  plant("precious", "the thesis");
  plant(lock_name + "|fence2", "not a fence");
  plant(lock_name + "|boot|mine", "no boot directory");
  plant(lock_name + "|h9|17|4711", lock_directory + lock_name + "|h9|17|4711");
  switch (random_.below(5)) {
    case 0:
      plant(lock_name, lock_directory + "precious");
      break;
    case 1:
      plant(lock_name, "../../precious");
      break;
    case 2:
      plant(lock_name, "precious");
      break;
    case 3:
      // A lock that lives, although its claim is gone: flufl.lock's, for another while.
      plant(lock_name, lock_directory + lock_name + "|h9|18|4712", epoch + 20s);
      planted_expiry_ = ServerTime(epoch + 30s);
      return;
    default:
      // A dead lock whose contents name somebody else's file, which looks like a claim.
      plant(lock_name, "../elsewhere/" + lock_name + "|h9|17|4711");
      disk_.release(lock_name);
      return;
  }
  operator_clears_ = true;
}

void World::release_planted() {
  planted_expiry_.reset();
  disk_.release(lock_name);
}

void World::heal() {
  faults_->heal();
  if (!operator_clears_) return;
  operator_clears_ = false;
  disk_.release(lock_name);
  Request request;
  request.kind = Request::Kind::unlink;
  request.object = server_.root();
  request.name = lock_name;
  server_.execute(request, server_now());
}

}  // namespace leaselock::sim
