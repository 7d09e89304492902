#include <gtest/gtest.h>
#include <time.h>

#include <cstdlib>

#include "holder_words.hpp"
#include "status_text.hpp"
#include "table.hpp"

// Goal: people read at a glance who holds what, and what to do. Method: exact text for given states.
namespace leaselock::tool {
namespace {

using std::chrono::seconds;

/// 2026-11-21 08:15:30 in UTC.
const WallTime now{seconds(1795248930)};

FencingToken token_of(WallTime since) {
  return static_cast<FencingToken>(
      std::chrono::duration_cast<std::chrono::microseconds>(since.time_since_epoch()).count());
}

Holder holder(const std::string& host, std::int64_t pid, Duration left, Duration held) {
  Holder one;
  one.host = host;
  one.pid = pid;
  one.expires = now + left;
  one.token = token_of(now - held);
  return one;
}

LockStatus semaphore() {
  LockStatus status;
  status.lockfile = "/mnt/licences.sem";
  status.kind = LockKind::semaphore;
  status.slots = 3;
  return status;
}

LockStatus with_two_holders() {
  LockStatus status = semaphore();
  status.state = LockState::unknown;
  status.holders = {holder("web3", 4711, seconds(12), seconds(3)), holder("web4", 99, seconds(4), seconds(65))};
  status.holders[0].slot = 0;
  status.holders[1].slot = 2;
  return status;
}

class StatusText : public ::testing::Test {
 protected:
  StatusText() {
    setenv("TZ", "UTC", 1);
    tzset();
  }
  static std::string of(const LockStatus& status, std::size_t width = any_width) {
    std::string text;
    for (const std::string& line : status_text(status, {}, now, width, Palette(-1))) text += line + "\n";
    return text;
  }
};

TEST_F(StatusText, OfASemaphoreHasATableOfHolders) {
  EXPECT_EQ(of(with_two_holders()),
            "/mnt/licences.sem: 2 of 3 slots held\n"
            "  slot  host   pid  lease             token  state\n"
            "     0  web3  4711  12.0s  1795248927000000  held\n"
            "     2  web4    99   4.0s  1795248865000000  held\n");
}

TEST_F(StatusText, OfASemaphoreHasTheQueueInOrderOfArrival) {
  LockStatus status = with_two_holders();
  status.queue = {{"web9", 12, now - seconds(75)}, {"web10", 1, now - seconds(2)}};
  EXPECT_EQ(of(status),
            "/mnt/licences.sem: 2 of 3 slots held, 2 wait\n"
            "  slot  host   pid  lease             token  state\n"
            "     0  web3  4711  12.0s  1795248927000000  held\n"
            "     2  web4    99   4.0s  1795248865000000  held\n"
            "  queue  host   pid  waits  since\n"
            "      1  web9    12  1m15s  2026-11-21 08:14:15.000 +0000\n"
            "      2  web10    1   2.0s  2026-11-21 08:15:28.000 +0000\n");
}

TEST_F(StatusText, OfAFreeSemaphoreIsOneLineAndItsLastToken) {
  LockStatus status = semaphore();
  status.token = 17;
  EXPECT_EQ(of(status), "/mnt/licences.sem: 0 of 3 slots held\n  last token 17\n");
}

TEST_F(StatusText, OfASharedLockSaysHowManyRead) {
  LockStatus status;
  status.lockfile = "/mnt/config.rw";
  status.kind = LockKind::shared_lock;
  EXPECT_EQ(of(status), "/mnt/config.rw: unlocked\n");
  status.holders = {holder("a", 1, seconds(9), seconds(1))};
  EXPECT_TRUE(of(status).starts_with("/mnt/config.rw: held by a writer\n"));
  status.holders[0].shared = true;
  EXPECT_TRUE(of(status).starts_with("/mnt/config.rw: held by a reader\n"));
  status.holders.push_back(holder("b", 2, seconds(8), seconds(1)));
  status.holders[1].shared = true;
  status.queue = {{"c", 3, now}};
  EXPECT_EQ(of(status),
            "/mnt/config.rw: held by 2 readers, 1 waits\n"
            "  host  pid  lease             token  state\n"
            "  a       1   9.0s  1795248929000000  reads\n"
            "  b       2   8.0s  1795248929000000  reads\n"
            "  queue  host  pid  waits  since\n"
            "      1  c       3    0ms  2026-11-21 08:15:30.000 +0000\n");
}

TEST_F(StatusText, OfASharedLockTellsAWriterThatWaitsForReaders) {
  LockStatus status;
  status.lockfile = "/mnt/config.rw";
  status.kind = LockKind::shared_lock;
  status.holders = {holder("w", 1, seconds(9), seconds(1)), holder("r", 2, seconds(8), seconds(1))};
  status.holders[1].shared = true;
  EXPECT_EQ(of(status),
            "/mnt/config.rw: held by a reader, a writer comes next\n"
            "  host  pid  lease             token  state\n"
            "  w       1   9.0s  1795248929000000  comes next\n"
            "  r       2   8.0s  1795248929000000  reads\n");
}

TEST_F(StatusText, OfALostHolderSaysSoAndWhatFollows) {
  LockStatus status = with_two_holders();
  status.holders[0].gone = true;
  status.holders[1].expires = now - seconds(5);
  const std::string text = of(status);
  EXPECT_TRUE(text.find("  process is gone\n") != std::string::npos) << text;
  EXPECT_TRUE(text.find("-5.0s  1795248865000000  lease ran out\n") != std::string::npos) << text;
  EXPECT_TRUE(text.find("  next       whoever comes next takes it over") != std::string::npos) << text;
}

TEST_F(StatusText, OfASemaphoreWithAProblemNamesTheCommandThatMendsIt) {
  LockStatus status = semaphore();
  status.problem = "slot 1 is missing";
  EXPECT_EQ(of(status),
            "/mnt/licences.sem: 0 of 3 slots held\n"
            "  problem    slot 1 is missing\n"
            "  next       to make it anew: leaselock resize /mnt/licences.sem 3\n");
}

TEST_F(StatusText, TableKeepsToTheWidth) {
  LockStatus status = with_two_holders();
  status.holders[0].host = "a-very-long-name-of-a-host.example.org";
  EXPECT_EQ(of(status, 60),
            "/mnt/licences.sem: 2 of 3 slots held\n"
            "  slot  host             pid  lease             token  state\n"
            "     0  ~t.example.org  4711  12.0s  1795248927000000  held\n"
            "     2  web4              99   4.0s  1795248865000000  held\n");
  for (const std::size_t width : {0U, 1U, 5U, 20U, 40U}) {
    const auto lines = status_text(status, {}, now, width, Palette(-1));
    for (std::size_t i = 1; i < lines.size(); ++i) EXPECT_LE(lines[i].size(), std::max<std::size_t>(width, 2));
  }
}

TEST_F(StatusText, ShowsNoControlCharactersFromNames) {
  LockStatus status = with_two_holders();
  status.holders[0].host = "web\x1b[31m";
  status.queue = {{"w\n", 12, now}};
  status.leftovers = {"db\x1b[2J|host|1|2"};
  EXPECT_EQ(of(status).find('\x1b'), std::string::npos);
  EXPECT_TRUE(of(status).find("w\\x0a") != std::string::npos) << of(status);
}

TEST_F(StatusText, HasNoTimeOfAHoldWhoseTokenIsNoTime) {
  Holder one = holder("a", 1, seconds(9), seconds(70));
  EXPECT_EQ(held_for(one, now), Duration(seconds(70)));
  one.token = std::numeric_limits<FencingToken>::max();
  EXPECT_EQ(held_for(one, now), std::nullopt);
  one.token = token_of(now + seconds(3));
  EXPECT_EQ(held_for(one, now), Duration::zero()) << "the server's clock is a little ahead of ours";
  one.token.reset();
  EXPECT_EQ(held_for(one, now), std::nullopt) << "compat mode";
}

}  // namespace
}  // namespace leaselock::tool
