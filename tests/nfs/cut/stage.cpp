#include "stage.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <stdexcept>

#include "lease_end.hpp"
#include "shared_cluster.hpp"

namespace leaselock::nfs {
namespace {

using namespace std::chrono_literals;

/// Longer than everything that is done to the first command and the second one's wait after it: where nobody ends the
/// first, the two overlap.
constexpr auto first_lasts = 18s;
constexpr auto second_lasts = 200ms;

int stages_made = 0;

std::string ms(std::chrono::milliseconds time) { return std::to_string(time.count()); }

}  // namespace

Stage::Stage(const Batch& batch)
    : batch_(batch),
      directory_(make_directory("cut")),
      board_("/run/board-" + std::to_string(++stages_made)),
      outcomes_(batch.trials.size()),
      commands_(batch.trials.size()) {
  for (std::size_t index = 0; index < batch.trials.size(); ++index) {
    outcomes_[index].trial = batch.trials[index];
    outcomes_[index].blow = batch.blow;
    outcomes_[index].control_groups = batch.control_groups;
  }
  for (std::size_t host = 0; host < cluster_hosts; ++host) {
    for (const std::string& version : nfs_versions()) mounted(host, version, mount_kinds()[batch_.mount_kind]);
    set_control_groups(host);
    witnesses_[host] = shared_cluster().host(host).start(
        {LEASELOCK_NFS_WITNESS, board_}, [this, host](const std::string& line) { hear_witness(host, line); });
  }
  std::unique_lock guard(mutex_);
  if (!heard_.wait_for(guard, 30s, [this] { return clocks_.size() == cluster_hosts; })) {
    throw std::runtime_error("a witness does not begin to watch");
  }
}

Stage::~Stage() {
  for (auto& [host, witness] : witnesses_) witness.reset();
  commands_.clear();
}

std::vector<std::string> Stage::run_words(const Trial& trial, bool second) const {
  const auto mount =
      mounted(second ? trial.second_host : trial.first_host, trial.version, mount_kinds()[batch_.mount_kind]);
  const auto path = mount / directory_ / std::to_string(trial.number);
  std::vector<std::string> words = {LEASELOCK_TOOL, "run", "--trace", "--lifetime", ms(lifetime) + "ms"};
  if (trial.kill_grace) words.insert(words.end(), {"--kill-grace", ms(*trial.kill_grace) + "ms"});
  words.insert(words.end(),
               {path.string() + ".lock", "--", LEASELOCK_NFS_COMMAND, board_, std::to_string(trial.number)});
  if (second) {
    words.insert(words.end(), {"second", "plain", ms(second_lasts)});
  } else {
    words.insert(words.end(), {"first", to_string(trial.nature), ms(first_lasts), path.string() + ".data"});
  }
  return words;
}

std::shared_ptr<cluster::RemoteCommand> Stage::start(std::size_t index, bool second) {
  const Trial& trial = batch_.trials[index];
  const std::string who = second ? "second" : "first";
  return shared_cluster()
      .host(second ? trial.second_host : trial.first_host)
      .start(run_words(trial, second), [this, index, who](const std::string& line) { hear_run(index, who, line); });
}

void Stage::start_first(std::size_t trial) { commands_[trial].first = start(trial, false); }
void Stage::start_second(std::size_t trial) { commands_[trial].second = start(trial, true); }

void Stage::meet_fate(std::size_t index) {
  const Trial& trial = batch_.trials[index];
  if (trial.fate == Fate::none || commands_[index].first->has_ended()) return;
  std::vector<std::string> words = {"kill", "-9"};
  if (is_stop(trial.fate)) words = {LEASELOCK_NFS_STOP, ms(trial.stopped_for)};
  if (is_about_front(trial.fate)) words.push_back(std::to_string(commands_[index].first->pid()));
  if (is_about_keeper(trial.fate)) {
    const std::lock_guard guard(mutex_);
    words.push_back(std::to_string(outcomes_[index].seen.parent_of_first()));
  }
  commands_[index].fate = shared_cluster().host(trial.first_host).start(words, [this, index](const std::string& line) {
    hear_stop(index, line);
  });
}

/// `leaselock run` makes one of its own beside that in which it was started.
void Stage::set_control_groups(std::size_t host) const {
  const std::string all = "/sys/fs/cgroup";
  shared_cluster().host(host).must_run(
      batch_.control_groups ? std::vector<std::string>{"sh", "-c", "mountpoint -q $0 || mount -t cgroup2 none $0", all}
                            : std::vector<std::string>{"sh", "-c", "! mountpoint -q $0 || umount $0", all});
}

void Stage::strike() {
  const std::lock_guard guard(mutex_);
  struck_ = cycles();
}

void Stage::hear_witness(std::size_t host, const std::string& text) {
  const std::lock_guard guard(mutex_);
  const Line line = parse_line(text);
  if (line.kind != Line::Kind::event) return;
  if (line.event == "clock") {
    clocks_[host] = {std::chrono::milliseconds(line.number("realtime_ms")), line.number("tsc")};
  } else if (line.sequence < outcomes_.size()) {
    outcomes_[line.sequence].seen.add(line);
  }
  heard_.notify_all();
}

void Stage::hear_stop(std::size_t trial, const std::string& line) {
  const std::lock_guard guard(mutex_);
  outcomes_[trial].stopped = std::strtoull(line.c_str(), nullptr, 10);
}

void Stage::hear_run(std::size_t trial, const std::string& who, const std::string& line) {
  const std::lock_guard guard(mutex_);
  std::array<char, 40> time{};
  const double since = struck_ == 0 ? 0 : static_cast<double>(cycles() - struck_) / cycles_per_us() / 1e6;
  std::snprintf(time.data(), time.size(), "%7.3f s ", since);
  outcomes_[trial].messages.push_back(time.data() + who + ": " + line);
  if (who == "second") {
    outcomes_[trial].ran_out |= line.find(" predecessor=expired") != std::string::npos;
  } else if (const auto lease_end = lease_end_in(line)) {
    lease_ends_[trial] = *lease_end;
  }
}

bool Stage::wait_for_all(bool (Sightings::*what)() const, std::chrono::milliseconds patience) {
  std::unique_lock guard(mutex_);
  return heard_.wait_for(guard, patience, [&] {
    for (const Outcome& outcome : outcomes_) {
      if (!(outcome.seen.*what)()) return false;
    }
    return true;
  });
}

std::optional<Cycles> Stage::deadline_of_first(std::size_t trial) const {
  const auto lease_end = lease_ends_.find(trial);
  if (lease_end == lease_ends_.end()) return std::nullopt;
  const Clock& clock = clocks_.at(batch_.trials[trial].first_host);
  const std::chrono::duration<double, std::micro> since = lease_end->second - clock.wall;
  return clock.tsc + static_cast<Cycles>(since.count() * cycles_per_us());
}

std::vector<Outcome> Stage::finish() {
  for (std::size_t index = 0; index < commands_.size(); ++index) {
    const std::optional<int> first = commands_[index].first->wait(15s);
    const std::optional<int> second = commands_[index].second->wait(5s);
    const std::lock_guard guard(mutex_);
    outcomes_[index].first_status = first;
    outcomes_[index].second_status = second;
    outcomes_[index].deadline = deadline_of_first(index);
  }
  for (auto& [host, witness] : witnesses_) {
    shared_cluster().host(host).signal({witness}, SIGTERM);
    if (!witness->wait(10s)) throw std::runtime_error("a witness does not end");
  }
  const std::lock_guard guard(mutex_);
  return outcomes_;
}

}  // namespace leaselock::nfs
