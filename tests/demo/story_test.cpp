#include "story.hpp"

#include <gtest/gtest.h>

#include "picture.hpp"
#include "table.hpp"

// The demo judges by the records alone, so what it counts must be right when the lock is wrong.
namespace demo {
namespace {

std::vector<Event> two_holds(std::int64_t second_starts) {
  return {{10, Did::wait, "a", 1}, {20, Did::hold, "a", 1, 100, "none"},
          {25, Did::wait, "b", 2}, {second_starts, Did::hold, "b", 2, 200, "released"},
          {50, Did::done, "a", 1}, {90, Did::done, "b", 2}};
}

TEST(Story, HoldsOneAfterTheOtherDoNotOverlap) {
  const Story story = tell(two_holds(50), 100);
  ASSERT_EQ(story.holds.size(), 2u);
  EXPECT_EQ(count_overlaps(story.holds), 0u);
}

TEST(Story, AHoldThatBeginsInsideAnotherIsAnOverlap) { EXPECT_EQ(count_overlaps(tell(two_holds(49), 100).holds), 1u); }

TEST(Story, AHoldThatNeverEndedLastsUntilNow) {
  const Story story = tell({{10, Did::hold, "a", 1, 1, "none"}, {60, Did::hold, "b", 2, 2, "expired"}}, 70);
  EXPECT_EQ(count_overlaps(story.holds), 1u);
  EXPECT_TRUE(story.holds.back().took_over);
}

TEST(Story, AKilledWorkersHoldEndsWithItsProcess) {
  const Story story =
      tell({{10, Did::hold, "a", 1, 1, "none"}, {30, Did::killed, "a", 1}, {60, Did::hold, "b", 2, 2, "died"}}, 70);
  EXPECT_EQ(count_overlaps(story.holds), 0u);
  EXPECT_TRUE(story.holds.front().killed);
}

TEST(Story, TokensMustGrowInTheOrderOfTheHolds) {
  std::vector<Event> events = two_holds(50);
  EXPECT_TRUE(tokens_increase(tell(events, 100).holds));
  events[3].token = 100;
  EXPECT_FALSE(tokens_increase(tell(events, 100).holds));
}

TEST(Story, AWaitEndsWhenTheHoldBegins) {
  const Story story = tell(two_holds(50), 100);
  ASSERT_EQ(story.waits.size(), 2u);
  EXPECT_EQ(story.waits[1].end_ns - story.waits[1].start_ns, 25);
}

TEST(Story, TableAndPictureNameEveryWorker) {
  const Story story = tell(two_holds(50), 100);
  for (const char* worker : {"a", "b"}) {
    EXPECT_NE(table(story).find(std::string("\n") + worker + " "), std::string::npos);
    EXPECT_NE(picture(story).find(std::string(">") + worker + "<"), std::string::npos);
  }
}

}  // namespace
}  // namespace demo
