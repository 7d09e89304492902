#include "sightings.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "lease_end.hpp"

/// The judge of the cut runs, with what it must find planted. One cycle is a microsecond here.
namespace leaselock::nfs {
namespace {

Sightings seen(const std::vector<std::string>& lines) {
  Sightings sightings;
  for (const std::string& text : lines) {
    const Line line = parse_line(text);
    EXPECT_EQ(line.kind, Line::Kind::event) << text;
    sightings.add(line);
  }
  return sightings;
}

const std::string first_began = "began first 7 pid=20 parent=19 first=1000 tsc=1010 .";
const std::string child_began = "began first 7 pid=21 parent=20 first=1100 tsc=1110 .";
const std::string first_gone = "gone first 7 pid=20 last=5000 tsc=5010 .";
const std::string child_gone = "gone first 7 pid=21 last=6000 tsc=6500 .";
const std::string second_began = "began second 7 pid=30 parent=29 first=8000 tsc=8010 .";
const std::string second_gone = "gone second 7 pid=30 last=8100 tsc=8110 .";

TEST(Sightings, TheMarginCountsFromTheLastProcessOfTheFirstCommand) {
  const Sightings all = seen({first_began, child_began, first_gone, child_gone, second_began, second_gone});
  EXPECT_EQ(all.margin_us(1), 2000);
  EXPECT_EQ(all.gone_margin_us(1), 1500);
  EXPECT_EQ(all.us_before(6900, 1), 900);
  EXPECT_TRUE(all.first_is_gone());
  EXPECT_TRUE(all.second_is_gone());
}

TEST(Sightings, AProcessThatIsAliveWhenTheSecondStartsMakesTheMarginNegative) {
  const Sightings all = seen(
      {first_began, child_began, first_gone, second_began, "gone first 7 pid=21 last=8040 tsc=8050 .", second_gone});
  EXPECT_EQ(all.margin_us(1), -40);
}

TEST(Sightings, AProcessThatHungWhenTheSecondStartedMakesTheMarginToGoneNegativeOnly) {
  const Sightings all = seen({first_began, second_began, "gone first 7 pid=20 last=6000 tsc=9000 ."});
  EXPECT_EQ(all.margin_us(1), 2000);
  EXPECT_EQ(all.gone_margin_us(1), -1000);
}

TEST(Sightings, AProcessThatIsLeftAtTheEndIsNotGone) {
  const Sightings all = seen({first_began, second_began, "left first 7 pid=20 last=6000 tsc=9500 ."});
  EXPECT_FALSE(all.first_is_gone());
  EXPECT_EQ(all.gone_margin_us(1), -1500);
}

TEST(Sightings, AProcessWhoseEndNobodyToldIsNotGone) {
  EXPECT_FALSE(seen({first_began, child_began, first_gone}).first_is_gone());
}

TEST(Sightings, ThereIsNoMarginBeforeBothHaveBegun) {
  EXPECT_FALSE(seen({first_began, first_gone}).margin_us(1));
  EXPECT_FALSE(seen({second_began, second_gone}).margin_us(1));
  EXPECT_FALSE(seen({second_began}).first_is_gone());
}

TEST(LeaseEnd, IsTheTimeOfARefreshAndWhatItSaysRemains) {
  const std::string line =
      "leaselock: time=1970-01-02T00:00:01.250Z event=refreshed lock=/l token=17 held=0.145s remaining=4.980s";
  EXPECT_EQ(lease_end_in(line), std::chrono::milliseconds(86'400'000 + 1'250 + 4'980));
  EXPECT_FALSE(lease_end_in("leaselock: rename a -> b: ok"));
  EXPECT_FALSE(lease_end_in("leaselock: time=1970-01-02T00:00:01.250Z event=refresh_failed lock=/l remaining=1.000s"));
}

TEST(Sightings, TheKeeperIsTheParentOfTheProcessThatWasThereFirst) {
  EXPECT_EQ(seen({child_began, first_began}).parent_of_first(), 19U);
  EXPECT_EQ(seen({first_began, child_began}).parent_of_first(), 19U);
}

}  // namespace
}  // namespace leaselock::nfs
