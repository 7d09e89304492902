#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "stage.hpp"
#include "world.hpp"

/// Random schedules, a fixed set of them: the same seeds run everywhere. LEASELOCK_SIM_SEEDS asks for more (or fewer)
/// of each scenario, and leaselock_sim does the same with traces.
namespace leaselock::sim {
namespace {

std::uint64_t seeds_of_each_scenario() {
  const char* wanted = std::getenv("LEASELOCK_SIM_SEEDS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 10'000;
}

testing::AssertionResult holds(const Scenario& scenario, std::uint64_t seed) {
  if (const Outcome outcome = World(scenario, seed, false).run(); !outcome.violation) {
    return testing::AssertionSuccess();
  }
  const Outcome outcome = World(scenario, seed, true).run();
  auto failure = testing::AssertionFailure() << *outcome.violation << "\nreplay: " << replay_command(scenario, seed);
  for (const std::string& line : outcome.trace) failure << '\n' << line;
  return failure;
}

class EverySeed : public testing::TestWithParam<Scenario> {};

TEST_P(EverySeed, KeepsWhatIsPromised) {
  for (std::uint64_t seed = 1; seed <= seeds_of_each_scenario(); ++seed) ASSERT_TRUE(holds(GetParam(), seed));
}

std::vector<Scenario> sound_scenarios() {
  std::vector<Scenario> sound;
  for (const Scenario& scenario : scenarios()) {
    if (!scenario.must_fail) sound.push_back(scenario);
  }
  return sound;
}

INSTANTIATE_TEST_SUITE_P(Scenarios, EverySeed, testing::ValuesIn(sound_scenarios()),
                         [](const auto& instance) { return instance.param.name; });

TEST(OldFailures, StayRepaired) {
  std::ifstream file(LEASELOCK_SEEDS_FILE);
  ASSERT_TRUE(file) << LEASELOCK_SEEDS_FILE;
  std::string line;
  int replayed = 0;
  while (std::getline(file, line)) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string name;
    std::uint64_t seed = 0;
    if (!(words >> name)) continue;
    ASSERT_TRUE(words >> seed) << line;
    const Scenario* scenario = find_scenario(name);
    ASSERT_NE(scenario, nullptr) << line;
    EXPECT_TRUE(holds(*scenario, seed));
    ++replayed;
  }
  EXPECT_GT(replayed, 0);
}

TEST(OneSeed, AlwaysGivesTheSameSchedule) {
  const Scenario& scenario = *find_scenario("fenced");
  EXPECT_EQ(World(scenario, 7, true).run().trace, World(scenario, 7, true).run().trace);
  EXPECT_NE(World(scenario, 7, true).run().trace, World(scenario, 8, true).run().trace);
}

TEST(Scripts, OfOurOwnProtocolShowNoFault) {
  for (const Script& script : scripts()) {
    if (script.must_fail) continue;
    EXPECT_EQ(script.play(), std::nullopt) << script.name << ": " << script.about;
  }
}

}  // namespace

void PrintTo(const Scenario& scenario, std::ostream* out) { *out << scenario.name; }

}  // namespace leaselock::sim
