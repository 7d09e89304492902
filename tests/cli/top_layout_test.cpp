#include <gtest/gtest.h>
#include <time.h>

#include <cstdlib>

#include "top/layout.hpp"

// Goal: what needs a person stands on top, and nothing is wider or longer than the terminal. Method: exact text.
namespace leaselock::tool::top {
namespace {

using std::chrono::seconds;

/// 2026-11-21 08:15:30 in UTC.
const WallTime now{seconds(1795248930)};

Holder holder(const std::string& host, std::int64_t pid, Duration left, Duration held) {
  Holder one;
  one.host = host;
  one.pid = pid;
  one.expires = now + left;
  one.token = static_cast<FencingToken>(
      std::chrono::duration_cast<std::chrono::microseconds>((now - held).time_since_epoch()).count());
  return one;
}

Found lock(const std::string& name, std::vector<Holder> holders = {}, std::size_t waiters = 0) {
  Found found;
  found.status.lockfile = "/mnt/" + name;
  found.status.holders = std::move(holders);
  for (std::size_t i = 1; i <= waiters; ++i) {
    found.status.queue.push_back({"w" + std::to_string(i), static_cast<std::int64_t>(i), now - seconds(10)});
  }
  return found;
}

Found semaphore(const std::string& name, std::vector<Holder> holders) {
  Found found = lock(name, std::move(holders), 1);
  found.status.kind = LockKind::semaphore;
  found.status.slots = 3;
  for (std::size_t i = 0; i < found.status.holders.size(); ++i) {
    found.status.holders[i].slot = static_cast<std::uint32_t>(i);
  }
  return found;
}

Look look(std::vector<Found> locks) {
  Look one;
  one.place.directory = "/mnt";
  one.locks = std::move(locks);
  return one;
}

/// One of each kind.
std::vector<Look> a_bit_of_everything() {
  Found shared =
      lock("config.rw", {holder("db1", 5, seconds(9), seconds(400)), holder("db2", 6, seconds(8), seconds(4))});
  shared.status.kind = LockKind::shared_lock;
  for (Holder& reader : shared.status.holders) reader.shared = true;
  Found dead = lock("nightly.lck", {holder("web1", 8, seconds(-3), seconds(3700))});
  Found broken = lock("broken.lck");
  broken.status.problem = "a directory is at the lock path";
  return {look({lock("free.lck"), std::move(shared), std::move(dead),
                semaphore("licences.sem", {holder("web3", 4711, seconds(12), seconds(3))}), std::move(broken)})};
}

class TopLayout : public ::testing::Test {
 protected:
  TopLayout() {
    setenv("TZ", "UTC", 1);
    tzset();
    frame.title = "/mnt";
    frame.now = now;
    frame.footer = "q quit";
  }
  Model model(const std::vector<Look>& looks, std::size_t most = all_waiters, Order order = Order::attention) const {
    return model_of(looks, order, now, most);
  }
  std::vector<std::string> screen(const std::vector<Look>& looks, std::size_t width, std::size_t height) {
    return screenful(frame, model(looks), width, height, palette);
  }
  static std::string text(const std::vector<std::string>& lines) {
    std::string all;
    for (const std::string& line : lines) all += line + "\n";
    return all;
  }
  /// Of every row with a name, in order.
  static std::vector<std::string> locks(const Model& model) {
    std::vector<std::string> names;
    for (const Row& row : model.rows) {
      if (!row.lock.empty()) names.push_back(row.lock);
    }
    return names;
  }

  Frame frame;
  Palette palette{-1};
};

TEST_F(TopLayout, ShowsEveryLockAndOnTopWhatNeedsAttention) {
  EXPECT_EQ(text(whole(frame, model(a_bit_of_everything()), any_width, palette)),
            "2026-11-21 08:15:30  /mnt: 5 locks, 4 holders, 1 waiter, 2 need attention\n"
            "lock              slot  host   pid  lease    for  state\n"
            "broken.lck                                        a directory is at the lock path\n"
            "nightly.lck             web1     8  -3.0s  1h01m  lease ran out\n"
            "licences.sem 1/3     0  web3  4711  12.0s   3.0s  held\n"
            "                        w1       1         10.0s  waits\n"
            "config.rw               db1      5   9.0s  6m40s  reads\n"
            "                        db2      6   8.0s   4.0s  reads\n"
            "free.lck                                          free\n");
}

TEST_F(TopLayout, PutsManyWaitersBeforeFewAndLongHoldsBeforeShortOnes) {
  const std::vector<Look> looks{look({
      lock("a", {holder("h", 1, seconds(9), seconds(5))}),
      lock("b", {holder("h", 1, seconds(9), seconds(50))}),
      lock("c", {holder("h", 1, seconds(9), seconds(5))}, 1),
      lock("d", {holder("h", 1, seconds(9), seconds(5))}, 2),
      lock("e", {}, 3),
  })};
  EXPECT_EQ(locks(model(looks)), (std::vector<std::string>{"e", "d", "c", "b", "a"}));
  EXPECT_EQ(locks(model(looks, all_waiters, Order::name)), (std::vector<std::string>{"a", "b", "c", "d", "e"}));
}

TEST_F(TopLayout, CountsTheWaitersThatItDoesNotShow) {
  const std::vector<Look> looks{look({lock("a", {holder("h", 1, seconds(9), seconds(5))}, 1000)})};
  const Model few = model(looks, 5);
  ASSERT_EQ(few.rows.size(), 1U + 5U + 1U);
  EXPECT_EQ(few.rows.back().state.text, "and 995 wait");
  EXPECT_EQ(few.waiters, 1000U);
  EXPECT_EQ(model(looks, 999).rows.back().host, "w1000") << "one more takes no more room than to say so";
}

TEST_F(TopLayout, CountsWaitersOfCompatModeByTheirClaims) {
  Found compat = lock("a", {holder("h", 1, seconds(9), seconds(5))});
  compat.status.waiters = {"a|h|2|c", "a|h|3|c"};
  const Model shown = model({look({compat})});
  EXPECT_EQ(shown.waiters, 2U);
  EXPECT_EQ(shown.rows.back().state.text, "2 wait");
}

TEST_F(TopLayout, NamesTheDirectoryWhereThereAreSeveral) {
  Look other = look({lock("x/b")});
  other.place.directory = "/mnt/x";
  EXPECT_EQ(locks(model({look({lock("a")}), other})), (std::vector<std::string>{"/mnt/a", "/mnt/x/b"}));
  EXPECT_EQ(locks(model({other})), (std::vector<std::string>{"b"}));
}

TEST_F(TopLayout, OnANarrowTerminalNamesGiveWayFirst) {
  std::vector<Look> looks = a_bit_of_everything();
  looks[0].locks.push_back(lock("a/very/long/path/to/some.lck", {holder("h", 1, seconds(1), seconds(1))}));
  const std::vector<std::string> lines = whole(frame, model(looks), 60, palette);
  EXPECT_EQ(lines[0], "2026-11-21 08:15:30  /mnt: 6 locks, 5 holders, 1 waiter, 2 n");
  EXPECT_EQ(lines[8], "~/some.lck        h        1   1.0s   1.0s  held") << text(lines);
}

TEST_F(TopLayout, FitsEveryTerminal) {
  const std::vector<Look> looks = a_bit_of_everything();
  frame.notices = {"/mnt: no answer for 12.0s"};
  for (std::size_t width = 0; width < 100; width += 7) {
    for (std::size_t height = 0; height < 16; ++height) {
      const std::vector<std::string> lines = screen(looks, width, height);
      EXPECT_LE(lines.size(), height);
      for (const std::string& line : lines) EXPECT_LE(line.size(), width) << line;
    }
  }
}

TEST_F(TopLayout, ShowsAsManyRowsAsThereIsRoomAndSaysWhichOnes) {
  frame.first = 1;
  EXPECT_EQ(text(screen(a_bit_of_everything(), 80, 6)),
            "2026-11-21 08:15:30  /mnt: 5 locks, 4 holders, 1 waiter, 2 need attention\n"
            "lock              slot  host   pid  lease    for  state\n"
            "nightly.lck             web1     8  -3.0s  1h01m  lease ran out\n"
            "licences.sem 1/3     0  web3  4711  12.0s   3.0s  held\n"
            "                        w1       1         10.0s  waits\n"
            "lines 2-4 of 7  q quit\n");
}

TEST_F(TopLayout, DoesNotScrollBehindTheEnd) {
  frame.first = 1000;
  const std::vector<std::string> lines = screen(a_bit_of_everything(), 80, 6);
  EXPECT_EQ(frame.first, 4U);
  EXPECT_TRUE(lines[4].starts_with("free.lck")) << text(lines);
  screen(a_bit_of_everything(), 80, 24);
  EXPECT_EQ(frame.first, 0U) << "everything fits";
}

TEST_F(TopLayout, OfNothingSaysThatThereIsNothing) {
  EXPECT_EQ(text(screen({look({})}, 80, 24)),
            "2026-11-21 08:15:30  /mnt: 0 locks, 0 holders, 0 waiters\n"
            "q quit\n");
}

TEST_F(TopLayout, ShowsWhatCouldNotBeLookedAt) {
  Found refused = lock("a");
  refused.error = "permission denied";
  Look one = look({refused});
  one.troubles = {"/mnt/x: gone\x1b[2J"};
  frame.notices = {"/srv: no answer for 12.0s"};
  EXPECT_EQ(text(whole(frame, model({one}), any_width, palette)),
            "2026-11-21 08:15:30  /mnt: 1 lock, 0 holders, 0 waiters, 1 needs attention\n"
            "/srv: no answer for 12.0s\n"
            "/mnt/x: gone\\x1b[2J\n"
            "lock  state\n"
            "a     permission denied\n");
}

}  // namespace
}  // namespace leaselock::tool::top
