#include <gtest/gtest.h>

#include "options.hpp"

// Goal: lengths of time are read as people write them, and nothing else is. Method: a table for each kind.
namespace leaselock::tool {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

struct Row {
  const char* text;
  Duration length;
};

TEST(Duration, IsReadAsPeopleWriteIt) {
  const Row rows[] = {
      {"500ms", milliseconds(500)},
      {"15s", seconds(15)},
      {"2m", minutes(2)},
      {"1h", hours(1)},
      {"1d", hours(24)},
      {"250us", microseconds(250)},
      {"1h30m", minutes(90)},
      {"1m30s", seconds(90)},
      {"1s500ms", milliseconds(1500)},
      {"0s", seconds(0)},
      {"0", seconds(0)},
      {"1h0m1s", seconds(3601)},
  };
  for (const Row& row : rows) EXPECT_EQ(parse_duration(row.text), row.length) << row.text;
}

TEST(Duration, MayBeAFraction) {
  const Row rows[] = {{"1.5s", milliseconds(1500)},
                      {"0.25h", minutes(15)},
                      {".5s", milliseconds(500)},
                      {"0.1s", milliseconds(100)},
                      {"2.5ms", microseconds(2500)}};
  for (const Row& row : rows) EXPECT_EQ(parse_duration(row.text), row.length) << row.text;
}

TEST(Duration, IsInSecondsWhenItIsABareNumber) {
  EXPECT_EQ(parse_duration("60"), seconds(60));
  EXPECT_EQ(parse_duration("1.5"), milliseconds(1500));
}

TEST(Duration, IsRefusedWhenItIsAnythingElse) {
  const char* texts[] = {"",
                         "s",
                         "abc",
                         "-1s",
                         "+1s",
                         "1 s",
                         "1x",
                         "1h30",
                         "inf",
                         "infs",
                         "nan",
                         "1e3s",
                         "0x10s",
                         "1s ",
                         " 1s",
                         "1..5s",
                         "1mss",
                         "1S",
                         "10 minutes",
                         "1h-5m",
                         "99999999999d",
                         "1000000000000000000000000s"};
  for (const char* text : texts) EXPECT_EQ(parse_duration(text), std::nullopt) << text;
}

}  // namespace
}  // namespace leaselock::tool
