#include <gtest/gtest.h>

#include "exclusion_checker.hpp"
#include "simulated_clock.hpp"

/// The parts that everything else is judged by.
namespace leaselock::sim {
namespace {

using namespace std::chrono_literals;
using Belief = ExclusionChecker::TrueBelief;

TrueTime at(Duration since) { return TrueTime{} + since; }

TEST(ExclusionChecker, SeesTwoBeliefsThatMeet) {
  ExclusionChecker checker({});
  checker.observe(0, Kind::fenced, Belief{1, at(10s)}, at(1s));
  checker.observe(1, Kind::fenced, Belief{2, at(20s)}, at(9s));
  EXPECT_TRUE(checker.violation());
}

TEST(ExclusionChecker, LetsOneFollowTheOther) {
  ExclusionChecker checker({});
  checker.observe(0, Kind::fenced, Belief{1, at(10s)}, at(1s));
  checker.observe(1, Kind::fenced, Belief{2, at(20s)}, at(10s));
  checker.observe(1, Kind::fenced, std::nullopt, at(11s));
  checker.observe(0, Kind::fenced, Belief{3, at(30s)}, at(12s));
  EXPECT_FALSE(checker.violation());
  EXPECT_EQ(checker.holds(), 3U);
}

TEST(ExclusionChecker, SeesABeliefThatIsProlongedIntoAnother) {
  ExclusionChecker checker({});
  checker.observe(0, Kind::fenced, Belief{1, at(5s)}, at(1s));
  checker.observe(1, Kind::fenced, Belief{2, at(20s)}, at(6s));
  EXPECT_FALSE(checker.violation());
  checker.observe(0, Kind::fenced, Belief{1, at(15s)}, at(7s));
  EXPECT_TRUE(checker.violation());
}

TEST(ExclusionChecker, SeesATokenThatDoesNotGrow) {
  ExclusionChecker checker({});
  checker.observe(0, Kind::fenced, Belief{7, at(5s)}, at(1s));
  checker.observe(0, Kind::fenced, std::nullopt, at(2s));
  checker.observe(1, Kind::fenced, Belief{7, at(9s)}, at(3s));
  EXPECT_TRUE(checker.violation());
}

TEST(ExclusionChecker, BlamesNobodyForFluflLockWhereNothingIsPromised) {
  ExclusionChecker checker({});
  checker.observe(0, Kind::fenced, Belief{1, at(10s)}, at(1s));
  checker.observe(1, Kind::flufl, Belief{0, at(10s)}, at(2s));
  EXPECT_FALSE(checker.violation());
}

TEST(SimulatedClock, ReachesAReadingWhenItSays) {
  Random random(3);
  for (int i = 0; i < 100; ++i) {
    const SimulatedClock clock = SimulatedClock::drifting(random, 1000s, 47'000, 600s);
    for (const Duration reading : {Duration(1000s), Duration(1001s), Duration(1234567891234ns), Duration(1500s)}) {
      const TrueTime moment = clock.when(reading);
      EXPECT_GE(clock.at(moment), reading);
      EXPECT_TRUE(moment == TrueTime{} || clock.at(moment - 1us) < reading);
    }
  }
}

}  // namespace
}  // namespace leaselock::sim
