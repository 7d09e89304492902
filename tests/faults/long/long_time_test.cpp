// Goal: nothing grows, runs over or wears out in a long time. Method: a simulated week with a hold that is refreshed
// every five seconds, waiters that come and go, and clocks that drift.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "long_time.hpp"

namespace leaselock::sim {
namespace {

using namespace std::chrono_literals;

class AWeek : public ::testing::TestWithParam<bool> {};

TEST_P(AWeek, of_refreshes_leaves_everything_as_it_was) {
  constexpr std::size_t waiters = 4;
  LongTime time(waiters, GetParam());
  std::size_t longest_name = 0;
  std::size_t most_names = 0;
  std::size_t most_in_fence = 0;
  std::uint64_t highest = 0;
  time.run(24h * 7, [&] {
    const auto names = time.names_in_directory();
    const auto inside = time.names_in_fence();
    for (const auto& name : inside) longest_name = std::max(longest_name, name.size());
    most_names = std::max(most_names, names.size());
    most_in_fence = std::max(most_in_fence, inside.size());
    if (!time.holder().hold) return;
    highest = std::max(highest, time.holder().hold->baton.sequence);
    EXPECT_LE(time.holder().hold->earned.size(), 2U);
    EXPECT_LE(time.holder().watches.size(), 1U);
  });
  EXPECT_EQ(time.violation(), "");
  EXPECT_GT(time.refreshes(), 120'000U);
  EXPECT_GT(time.timed_out(), 1'000U);
  EXPECT_GT(time.holds().size(), 8U) << "the one that holds for days, and those that wait when it lets go";
  // Of a day, each in one name: the number in it is as long as at the first.
  EXPECT_GT(highest, 16'000U);
  EXPECT_LE(longest_name, 180U);
  // The fence, the lock file, one claim for each, and one name that somebody is just making.
  EXPECT_LE(most_names, 2 + (waiters + 1) + 1);
  EXPECT_LE(most_in_fence, 1 + waiters);
  std::cout << time.refreshes() << " refreshes, " << time.holds().size() << " holds, " << time.timed_out()
            << " waits in vain; at most " << most_names << " and " << most_in_fence << " names, the longest "
            << longest_name << " bytes\n";
}

INSTANTIATE_TEST_SUITE_P(in, AWeek, ::testing::Values(true, false),
                         [](const auto& mirror) { return mirror.param ? "fenced" : "fenced_without_mirror"; });

}  // namespace
}  // namespace leaselock::sim
