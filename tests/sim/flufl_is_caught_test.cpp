#include <gtest/gtest.h>

#include "stage.hpp"
#include "world.hpp"

/// flufl.lock's own algorithm loses mutual exclusion; a simulator that did not see that would see nothing.
namespace leaselock::sim {
namespace {

TEST(FluflLock, LosesItsThreeRaces) {
  int shown = 0;
  for (const Script& script : scripts()) {
    if (!script.must_fail) continue;
    EXPECT_NE(script.play(), std::nullopt) << script.name << ": " << script.about;
    ++shown;
  }
  EXPECT_EQ(shown, 3);
}

TEST(FluflLock, IsCaughtByRandomSchedules) {
  const Scenario& scenario = *find_scenario("flufl");
  int caught = 0;
  for (std::uint64_t seed = 1; seed <= 5000; ++seed) {
    const Outcome outcome = World(scenario, seed, false).run();
    if (outcome.violation && outcome.violation->find("both believe") != std::string::npos) ++caught;
  }
  EXPECT_GT(caught, 0);
}

}  // namespace
}  // namespace leaselock::sim
