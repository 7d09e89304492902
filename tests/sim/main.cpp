#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "explorer.hpp"
#include "mutants.hpp"
#include "stage.hpp"
#include "world.hpp"

/// leaselock_sim: runs seeded schedules, one of them with its trace, or the exhaustive exploration.
namespace {

using namespace leaselock::sim;

struct Options {
  std::uint64_t seeds = 10'000;
  std::optional<std::uint64_t> seed;
  std::string scenario = "all";
  bool explore = false;
  bool trace = false;
  std::string bug;
};

int usage(int status) {
  (status == 0 ? std::cout : std::cerr)
      << "usage: leaselock_sim [--seeds N | --seed S | --explore] [--scenario NAME|all] [--trace]\n"
         "                     [--bug NAME] [--list]\n"
         "  --seeds N    run the seeds 1 to N of each scenario (default 10000)\n"
         "  --seed S     run one seed\n"
         "  --explore    every interleaving of small configurations instead of seeds\n"
         "  --scenario   which fleet (--list names them); all but those that must fail by default\n"
         "  --trace      print every step of a single seed, or of the first one that fails\n"
         "  --bug NAME   switch a deliberate bug on (only in leaselock_sim_mutants)\n";
  return status;
}

int list() {
  std::cout << "scenarios:\n";
  for (const Scenario& scenario : scenarios()) std::cout << "  " << scenario.name << ": " << scenario.about << '\n';
  std::cout << "configurations for --explore:\n";
  for (const Configuration& configuration : configurations()) {
    std::cout << "  " << configuration.name << ": " << configuration.about << '\n';
  }
  std::cout << "scripts, run before the seeds:\n";
  for (const Script& script : scripts()) std::cout << "  " << script.name << ": " << script.about << '\n';
  if (!mutants().empty()) std::cout << "bugs:\n";
  for (const Mutant& mutant : mutants()) std::cout << "  " << mutant.name << '\n';
  return 0;
}

bool parse(const std::vector<std::string_view>& arguments, Options& options) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view word = arguments[i];
    if (word == "--explore") {
      options.explore = true;
    } else if (word == "--trace") {
      options.trace = true;
    } else if (i + 1 == arguments.size()) {
      return false;
    } else if (word == "--seeds") {
      options.seeds = std::strtoull(arguments[++i].data(), nullptr, 10);
    } else if (word == "--seed") {
      options.seed = std::strtoull(arguments[++i].data(), nullptr, 10);
    } else if (word == "--scenario") {
      options.scenario = arguments[++i];
    } else if (word == "--bug") {
      options.bug = arguments[++i];
    } else {
      return false;
    }
  }
  return true;
}

void print_failure(const Scenario& scenario, std::uint64_t seed, bool with_trace) {
  const Outcome outcome = World(scenario, seed, true).run();
  // The parameters always, the steps when asked for.
  for (std::size_t i = 0; i < outcome.trace.size() && (with_trace || i < 3); ++i) std::cout << outcome.trace[i] << '\n';
  if (outcome.violation) std::cout << "FAILED: " << *outcome.violation << '\n';
  std::cout << "replay: " << replay_command(scenario, seed) << '\n';
}

/// False when an outcome is not what the scenario promises.
bool run_seeds(const Scenario& scenario, const Options& options, std::uint64_t& schedules) {
  const std::uint64_t first = options.seed.value_or(1);
  const std::uint64_t last = options.seed.value_or(options.seeds);
  const bool show = isatty(STDOUT_FILENO) == 1 && !options.seed;
  std::uint64_t holds = 0;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const Outcome outcome = World(scenario, seed, false).run();
    ++schedules;
    holds += outcome.holds;
    if (show && seed % 500 == 0) std::cout << '\r' << scenario.name << ' ' << seed << '/' << last << std::flush;
    if (!outcome.violation) continue;
    if (show) std::cout << '\r';
    if (scenario.must_fail && !options.seed) {
      std::cout << scenario.name << ": seed " << seed << ": " << *outcome.violation << " (as it must)\n";
    } else {
      std::cout << scenario.name << ": seed " << seed << '\n';
      print_failure(scenario, seed, options.trace);
    }
    return scenario.must_fail;
  }
  if (show) std::cout << '\r';
  if (options.seed && options.trace) print_failure(scenario, first, true);
  std::cout << scenario.name << ": " << last - first + 1 << " schedules, " << holds << " holds, no violation\n";
  return options.seed || !scenario.must_fail;
}

bool play_scripts() {
  bool good = true;
  for (const Script& script : scripts()) {
    const auto violation = script.play();
    const bool as_expected = violation.has_value() == script.must_fail;
    std::cout << "script " << script.name << ": " << violation.value_or("no violation")
              << (script.must_fail ? " (as it must)" : "") << '\n';
    good = good && as_expected;
  }
  return good;
}

int run_all_seeds(const Options& options) {
  const auto started = std::chrono::steady_clock::now();
  std::uint64_t schedules = 0;
  bool good = options.seed || options.scenario != "all" || play_scripts();
  bool any = false;
  for (const Scenario& scenario : scenarios()) {
    if (options.scenario != "all" && options.scenario != scenario.name) continue;
    any = true;
    good = run_seeds(scenario, options, schedules) && good;
  }
  if (!any) {
    std::cerr << "no such scenario: " << options.scenario << " (see --list)\n";
    return 2;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  std::cout << schedules << " schedules in " << took.count() << " s, "
            << static_cast<std::uint64_t>(static_cast<double>(schedules) / took.count()) << " per second\n";
  return good ? 0 : 1;
}

int run_explorations(const Options& options) {
  bool good = true;
  for (const Configuration& configuration : configurations()) {
    if (options.scenario != "all" && options.scenario != configuration.name) continue;
    const auto started = std::chrono::steady_clock::now();
    const Exploration found = explore(configuration);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    std::cout << configuration.name << ": " << found.states << " states in " << took.count() << " s"
              << (found.complete ? "" : " (bound reached)") << std::endl;
    if (!found.violation) continue;
    for (const std::string& line : found.trace) std::cout << line << '\n';
    std::cout << "FAILED: " << *found.violation << '\n';
    good = false;
  }
  return good ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  const std::vector<std::string_view> arguments(words + 1, words + count);
  if (arguments.size() == 1 && arguments[0] == "--list") return list();
  if (arguments.size() == 1 && arguments[0] == "--help") return usage(0);
  Options options;
  if (!parse(arguments, options)) return usage(2);
  if (!options.bug.empty() && !switch_on(options.bug)) {
    std::cerr << "no such bug here: " << options.bug << " (see leaselock_sim_mutants --list)\n";
    return 2;
  }
  return options.explore ? run_explorations(options) : run_all_seeds(options);
}
