#include <gtest/gtest.h>

#include "explorer.hpp"
#include "mutants.hpp"
#include "stage.hpp"
#include "world.hpp"

/// Every deliberate bug of protocol/mutation.hpp must be caught by a script, a seed or the exploration: what these
/// tests do not notice is not tested.
namespace leaselock::sim {
namespace {

class SwitchedOn {
 public:
  explicit SwitchedOn(const Mutant& mutant) { switch_on(mutant.name); }
  ~SwitchedOn() { switch_off(); }
  SwitchedOn(const SwitchedOn&) = delete;
  SwitchedOn& operator=(const SwitchedOn&) = delete;
};

std::string caught_by_script() {
  for (const Script& script : scripts()) {
    if (script.must_fail) continue;
    if (const auto violation = script.play()) return "script " + script.name + ": " + *violation;
  }
  return {};
}

std::string caught_by_seeds(const Scenario& scenario, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const Outcome outcome = World(scenario, seed, false).run();
    if (outcome.violation) return scenario.name + " seed " + std::to_string(seed) + ": " + *outcome.violation;
  }
  return {};
}

std::string caught_by_seeds(std::uint64_t first, std::uint64_t last) {
  for (const Scenario& scenario : scenarios()) {
    if (scenario.must_fail) continue;
    if (auto caught = caught_by_seeds(scenario, first, last); !caught.empty()) return caught;
  }
  return {};
}

/// How the bug was caught; empty when it survived. Cheap tries come first.
std::string hunt(const Mutant& mutant) {
  if (auto caught = caught_by_script(); !caught.empty()) return caught;
  if (const Scenario* scenario = find_scenario(mutant.where)) {
    if (auto caught = caught_by_seeds(*scenario, 1, 4000); !caught.empty()) return caught;
  }
  constexpr std::uint64_t rounds[] = {0, 50, 500, 4000};
  for (std::size_t i = 1; i < std::size(rounds); ++i) {
    if (auto caught = caught_by_seeds(rounds[i - 1] + 1, rounds[i]); !caught.empty()) return caught;
  }
  return {};
}

class EveryMutant : public testing::TestWithParam<Mutant> {};

TEST_P(EveryMutant, IsCaught) {
  const SwitchedOn bug(GetParam());
  const std::string caught = hunt(GetParam());
  EXPECT_FALSE(caught.empty()) << GetParam().name << " SURVIVES";
  RecordProperty("caught_by", caught);
  std::cout << GetParam().name << ": " << caught << '\n';
}

INSTANTIATE_TEST_SUITE_P(Bugs, EveryMutant, testing::ValuesIn(mutants()),
                         [](const auto& instance) { return instance.param.name; });

TEST(Mutants, AreHarmlessWhileSwitchedOff) {
  switch_off();
  EXPECT_EQ(caught_by_script(), "");
  EXPECT_EQ(caught_by_seeds(1, 50), "");
}

}  // namespace

void PrintTo(const Mutant& mutant, std::ostream* out) { *out << mutant.name; }

}  // namespace leaselock::sim
