#include "trial.hpp"

#include <algorithm>
#include <array>
#include <random>

#include "shared_cluster.hpp"

namespace leaselock::nfs {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_); }
  milliseconds between(milliseconds least, milliseconds most) {
    return milliseconds(std::uniform_int_distribution<std::int64_t>(least.count(), most.count())(random_));
  }
  template <class Values>
  void shuffle(Values& values) {
    std::shuffle(values.begin(), values.end(), random_);
  }

 private:
  std::mt19937_64 random_;
};

/// Shorter than what is left of the lease, about as long as the lease, longer than it, or to the end.
std::optional<milliseconds> draw_length(Dice& dice, Blow blow) {
  switch (dice.below(blow == Blow::cut ? 5 : 4)) {
    case 0:
      return dice.between(300ms, lifetime / 2);
    case 1:
    case 2:
      return dice.between(lifetime / 2, lifetime + 1s);
    case 3:
      return dice.between(lifetime, 2 * lifetime);
    default:
      return std::nullopt;
  }
}

/// A lease that was refreshed as it should be has two thirds of its time left when the blow comes; some of it is for
/// hosts that are late.
constexpr milliseconds surely_left = lifetime / 2;

bool is_one_process(Nature nature) {
  return nature == Nature::plain || nature == Nature::lingers || nature == Nature::ignores || nature == Nature::writes;
}

void draw_fate(Trial& trial, Dice& dice) {
  trial.fate = dice.below(2) == 0 ? Fate::none : static_cast<Fate>(1 + dice.below(fates - 1));
  if (trial.fate == Fate::both_killed && !is_one_process(trial.nature)) trial.fate = Fate::none;
  const bool both = trial.fate == Fate::both_stopped;
  trial.stopped_for = dice.between(200ms, both ? lifetime / 4 : 2 * lifetime);
  trial.fate_after = dice.between(-1s, both ? surely_left - trial.stopped_for : lifetime);
}

Trial draw_trial(std::size_t number, Dice& dice) {
  Trial trial;
  trial.number = number;
  trial.nature = static_cast<Nature>(dice.below(natures));
  trial.start = dice.between(0ms, lifetime / 2);
  draw_fate(trial, dice);
  constexpr std::array<std::optional<milliseconds>, 4> graces = {std::nullopt, 200ms, 500ms, 1000ms};
  trial.kill_grace = graces[dice.below(graces.size())];
  return trial;
}

bool is_about_both(Fate fate) { return fate == Fate::both_stopped || fate == Fate::both_killed; }

}  // namespace

std::string to_string(Nature nature) {
  constexpr std::array<const char*, natures> words = {"plain",  "lingers", "ignores", "detaches",
                                                      "leaves", "crowd",   "hops",    "writes"};
  return words.at(static_cast<std::size_t>(nature));
}

std::string to_string(Fate fate) {
  constexpr std::array<const char*, fates> words = {"none",          "front stopped", "front killed", "keeper stopped",
                                                    "keeper killed", "both stopped",  "both killed"};
  return words.at(static_cast<std::size_t>(fate));
}

std::string to_string(Blow blow) {
  constexpr std::array<const char*, 3> words = {"network cut", "server hangs", "server crashes"};
  return words.at(static_cast<std::size_t>(blow));
}

bool is_about_front(Fate fate) {
  return fate == Fate::front_stopped || fate == Fate::front_killed || is_about_both(fate);
}

bool is_about_keeper(Fate fate) {
  return fate == Fate::keeper_stopped || fate == Fate::keeper_killed || is_about_both(fate);
}

bool is_stop(Fate fate) {
  return fate == Fate::front_stopped || fate == Fate::keeper_stopped || fate == Fate::both_stopped;
}

Batch draw_batch(std::uint64_t seed, std::size_t trials_per_version, Blow blow) {
  Dice dice(seed);
  Batch batch;
  batch.seed = seed;
  batch.blow = blow;
  batch.blow_after = dice.between(1s, 1s + lifetime / 3);
  batch.length = draw_length(dice, blow);
  batch.mount_kind = dice.below(mount_kinds().size());
  batch.control_groups = dice.below(2) == 0;
  std::array<std::size_t, cluster_hosts> hosts{};
  for (std::size_t host = 0; host < hosts.size(); ++host) hosts[host] = host;
  dice.shuffle(hosts);
  for (std::size_t index = 0; index < trials_per_version; ++index) {
    for (const std::string& version : nfs_versions()) {
      Trial trial = draw_trial(batch.trials.size(), dice);
      trial.version = version;
      trial.first_host = hosts[dice.below(2)];
      trial.second_host = hosts[2 + dice.below(2)];
      batch.trials.push_back(std::move(trial));
    }
  }
  return batch;
}

std::string describe(const Batch& batch) {
  const std::string length = batch.length ? std::to_string(batch.length->count()) + " ms" : "to the end";
  return "seed " + std::to_string(batch.seed) + ": " + std::to_string(batch.trials.size()) + " runs, " +
         to_string(batch.blow) + ' ' + length + ", mounts " + mount_kinds()[batch.mount_kind].name +
         (batch.control_groups ? ", with" : ", without") + " control groups";
}

std::string describe(const Trial& trial) {
  std::string text =
      "run " + std::to_string(trial.number) + ", NFSv" + trial.version + ", command " + to_string(trial.nature);
  if (trial.kill_grace) text += ", kill grace " + std::to_string(trial.kill_grace->count()) + " ms";
  if (trial.fate == Fate::none) return text;
  text += ", " + to_string(trial.fate) + ' ' + std::to_string(trial.fate_after.count()) + " ms after";
  if (is_stop(trial.fate)) text += " for " + std::to_string(trial.stopped_for.count()) + " ms";
  return text;
}

}  // namespace leaselock::nfs
