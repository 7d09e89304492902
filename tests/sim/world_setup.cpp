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
      sharing_(scenario.purpose.slots),
      disk_(lock_name) {
  draw_parameters();
  if (scenario_.lost_files) plant_files();
  if (scenario_.has(Kind::fenced) && !is_shared() && random_.chance(100)) plant_forged_name();
}

void World::draw_parameters() {
  const bool only_fenced = scenario_.has_only(Kind::fenced);
  server_ = SimulatedServer(true, random_.chance(700));
  lifetime_ = scenario_.local ? random_.pick(std::array<Duration, 4>{300ms, 1s, 5s, 15s})
                              : random_.pick(std::array<Duration, 4>{5s, 6s, 10s, 15s});
  drift_ppm_ = only_fenced && (scenario_.loose_clocks || random_.chance(300)) ? 50'000 : 1000;
  round_trip_ = random_.pick(std::array<Duration, 4>{200us, 1ms, 10ms, 60ms});
  granularity_ = random_.pick(std::array<Duration, 4>{1ns, 4ms, 10ms, 1s});
  if (scenario_.local) round_trip_ = 20us;
  if (scenario_.local) granularity_ = random_.pick(std::array<Duration, 3>{1ns, 4ms, 10ms});
  heal_ = TrueTime{} + random_.between(3 * lifetime_, 8 * lifetime_);
  end_ = heal_ + patience;
  FaultRates rates = scenario_.local ? FaultRates::draw_local(random_, scenario_.faults, lifetime_)
                                     : FaultRates::draw(random_, scenario_.faults, lifetime_);
  if (!scenario_.long_pauses) rates.longest_pause = std::min(rates.longest_pause, lifetime_ / 4);
  if (scenario_.killed_renames) rates.kill = 200;
  faults_.emplace(random_.fork(), rates, scenario_.faults, round_trip_);

  // Two clocks whose rates each stay within this of the truth stay within rho of one another.
  const std::int64_t rate = drift_ppm_ * 47 / 100;
  Duration jump = random_.chance(500) ? Duration::zero() : Duration(1s);  // any two offsets within the grace of 2 s
  if (scenario_.local) jump = std::min(jump, Duration(100ms));
  if (!scenario_.trust_server_clock) jump = 300s;
  if (scenario_.faults == FaultLevel::none) jump = Duration::zero();
  if (scenario_.loose_clocks) {
    jump = 1s;
    granularity_ = random_.chance(800) ? Duration(1s) : granularity_;
    heal_ = TrueTime{} + 8 * lifetime_ + 60s;
    end_ = heal_ + patience;
  }
  server_clock_ = SimulatedClock::jumping(random_, epoch, rate, horizon, jump);

  // Where one kernel keeps the files, its hosts are containers: one clock, and process ids that mean nothing outside.
  const std::size_t host_count = 1 + random_.below(scenario_.local ? 2 : 3);
  const bool equal_names = random_.chance(200);
  std::string hosts;
  for (std::size_t i = 0; i < host_count; ++i) {
    Host host;
    const Duration start = random_.between(Duration::zero(), Duration(1'000'000s));
    host.clock = SimulatedClock::drifting(random_, start, rate, horizon);
    SimulatedClient::Policy policy;
    if (!scenario_.local) policy.trust = random_.pick(std::array<Duration, 4>{0s, 1s, 30s, 60s});
    policy.compares_times = !scenario_.local && random_.chance(300);
    if (scenario_.delegations) policy.delegation = random_.between(Duration(-60s), Duration(60s));
    host.client = SimulatedClient(policy);
    host.name = "h" + std::to_string(equal_names ? 0 : i);
    host.boot = new_boot();
    host.wall_offset = epoch - start + random_.between(Duration(-4s), Duration(4s));
    if (scenario_.local && i > 0) {
      host.clock = hosts_[0].clock;
      host.wall_offset = hosts_[0].wall_offset;
    }
    hosts += ' ' + host.name + "(trust=" + describe(policy.trust) + (policy.compares_times ? ",v3)" : ")");
    hosts_.push_back(std::move(host));
  }

  const std::size_t process_count = 2 + random_.below(3);
  bool judges_queue =
      only_fenced && !is_shared() && jump == Duration::zero() && granularity_ < 100ms && drift_ppm_ == 1000;
  std::string fleet;
  for (std::size_t i = 0; i < process_count; ++i) {
    Process process;
    process.number = i;
    process.kind = i < scenario_.fleet.size() && !scenario_.has_only(scenario_.fleet[0])
                       ? scenario_.fleet[scenario_.fleet.size() - 1 - i]
                       : random_.pick(scenario_.fleet);
    process.host = random_.below(host_count);
    process.fair = random_.chance(850) || scenario_.purpose.kind == LockKind::semaphore;
    process.gate = random_.chance(750);
    process.break_dead = random_.chance(900);
    choose_pid(process);
    process.holds_left = static_cast<int>(1 + random_.below(3));
    make_contender(process);
    judges_queue = judges_queue && !hosts_[process.host].client.policy().compares_times;
    fleet += " p" + std::to_string(i) + '=' + to_string(process.kind) + '@' + hosts_[process.host].name;
    processes_.push_back(std::move(process));
  }
  if (judges_queue && scenario_.local) queue_.judge_by({100ms, 2s});
  if (judges_queue && !scenario_.local) queue_.judge_by({1s, 10s});
  if (!tracing_) return;
  note("scenario=" + scenario_.name + " seed=" + std::to_string(seed_) + " lifetime=" + describe(lifetime_) +
       " round_trip=" + describe(round_trip_) + " granularity=" + describe(granularity_) + " server_jump=" +
       describe(jump) + " drift_ppm=" + std::to_string(drift_ppm_) + " heal=" + describe(heal_ - TrueTime{}));
  note("faults: " + rates.describe());
  note("hosts:" + hosts + "; processes:" + fleet);
}

std::string World::new_boot() { return hex(random_.next()); }

/// A held name that no process ever made, of this host or of one that looks like it.
void World::plant_forged_name() {
  Request request;
  request.kind = Request::Kind::make_directory;
  request.object = server_.root();
  request.name = lock_name + "|fence";
  request.mode = 0755;
  request.sender = 99;
  const Reply made = server_.execute(request, server_now());
  const auto since_epoch = [](Duration time) { return std::to_string(time / 1ms); };
  const Host& host = random_.pick(hosts_);
  const std::string boot = random_.chance(500) ? host.boot : new_boot();
  const std::string flag = random_.chance(300)   ? "|w"
                           : random_.chance(300) ? "|w" + since_epoch(epoch) + '.' + new_boot()
                                                 : "";
  request.kind = Request::Kind::create;
  request.object = made.handle;
  request.name = "b|0|" + std::to_string((epoch - 10s) / 1us) + "|h|" +
                 since_epoch(epoch + random_.between(Duration(-10s), 2 * lifetime_)) + "|0|" + since_epoch(lifetime_) +
                 '|' + host.name + "|101|" + boot + ".999." + hex(random_.next()) + hex(random_.next()) + flag;
  server_.execute(request, server_now());
}

void World::make_contender(Process& process) {
  const Host& host = hosts_[process.host];
  Member member;
  member.kind = process.kind;
  member.host = host.name;
  member.pid = process.pid;
  member.start = process.start;
  member.boot = host.boot;
  member.random = hex(random_.next()) + hex(random_.next());
  member.lifetime = lifetime_;
  member.mirror = scenario_.mirror;
  member.purpose = scenario_.purpose;
  member.fair = process.fair;
  member.gate = process.gate;
  member.break_dead = process.break_dead;
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
