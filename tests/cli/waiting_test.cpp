#include <unistd.h>

#include "support/cli_test.hpp"

// Goal: somebody who waits is told for whom, and a log is not filled. Method: a pseudo-terminal, and files.
namespace leaselock::cli_test {
namespace {

class Wait : public CliTest {
 protected:
  Settings terminal() const {
    Settings how = settings();
    how.on_terminal = true;
    how.environment = {{"TERM", "xterm"}};
    return how;
  }
};

TEST_F(Wait, OnATerminalShowsALiveLine) {
  Lock holder = held(lockfile());
  const auto waiter = start({"run", "--timeout", "60s", lockfile(), "--", "/bin/echo", "ran"}, terminal());
  const std::string who = "held by host " + holder.hostname() + ", pid " + std::to_string(getpid());
  EXPECT_TRUE(waiter->says(who)) << waiter->out();
  EXPECT_TRUE(contains(waiter->out(), "of 1m00s")) << waiter->out();
  EXPECT_TRUE(contains(waiter->out(), "lease runs 5")) << "of one minute: " << waiter->out();
  EXPECT_TRUE(contains(waiter->out(), "db.lck"));
  const std::size_t first = waiter->out().size();
  EXPECT_TRUE(eventually([&] { return waiter->out().size() > 2 * first; })) << "the line is kept up to date";
  EXPECT_FALSE(contains(waiter->out(), "\n")) << "in place";
  holder.unlock();
  EXPECT_EQ(waiter->wait().status, 0);
}

TEST_F(Wait, OnATerminalTakesTheLineAwayAfterwards) {
  Lock holder = held(lockfile());
  const auto waiter = start({"run", lockfile(), "--", "/bin/echo", "ran"}, terminal());
  ASSERT_TRUE(waiter->says("waiting"));
  holder.unlock();
  const Result result = waiter->wait();
  EXPECT_TRUE(result.out.ends_with("\r\x1b[Kran\r\n")) << result.out;
}

TEST_F(Wait, OnATerminalIsInterruptedByTheKeyboard) {
  const Lock holder = held(lockfile());
  const auto waiter = start({"run", lockfile(), "--", "/bin/echo", "ran"}, terminal());
  ASSERT_TRUE(waiter->says("waiting"));
  waiter->type("\x03");
  const Result result = waiter->wait();
  EXPECT_EQ(result.status, 130);
  EXPECT_FALSE(contains(result.out, "ran"));
  EXPECT_TRUE(result.out.ends_with("\r\x1b[K")) << result.out;
}

TEST_F(Wait, OnANarrowTerminalKeepsToOneLine) {
  const Lock holder = held(lockfile());
  Settings how = terminal();
  how.environment.emplace_back("COLUMNS", "10");
  const std::string long_name = (directory() / std::string(100, 'x')).string();
  const Lock long_holder = held(long_name);
  const auto waiter = start({"run", long_name, "true"}, how);
  ASSERT_TRUE(waiter->says("waiting"));
  ASSERT_TRUE(eventually([&] { return waiter->out().size() > 200; }));
  std::string shown = waiter->out();
  for (std::size_t at = 0; at < shown.size();) {
    const std::size_t next = std::min(shown.find("\r\x1b[K", at + 1), shown.size());
    EXPECT_LT(next - at, 80U + 4U) << "one line of the terminal";
    at = next;
  }
}

TEST_F(Wait, OnATerminalShowsNoLineWhenQuiet) {
  Lock holder = held(lockfile());
  const auto waiter = start({"run", "--quiet", "--timeout", "1s", lockfile(), "true"}, terminal());
  EXPECT_EQ(waiter->wait().status, 75);
  EXPECT_EQ(waiter->out(), "");
}

TEST_F(Wait, OnADumbTerminalMovesNoCursor) {
  Lock holder = held(lockfile());
  Settings how = terminal();
  how.environment = {{"TERM", "dumb"}};
  const auto waiter = start({"run", "--timeout", "1s", lockfile(), "true"}, how);
  EXPECT_EQ(waiter->wait().status, 75);
  EXPECT_FALSE(contains(waiter->out(), "\x1b")) << waiter->out();
}

TEST_F(Wait, InALogSaysOnceForWhom) {
  Lock holder = held(lockfile());
  const auto waiter = start({"run", "--timeout", "60s", lockfile(), "--", "/bin/echo", "ran"});
  ASSERT_TRUE(waiter->says("waiting for " + lockfile() + ": held by host " + holder.hostname() + ", pid " +
                           std::to_string(getpid())))
      << waiter->err();
  EXPECT_EQ(lines(waiter->err()), 1U);
  holder.unlock();
  const Result result = waiter->wait();
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(lines(result.err), 1U) << result.err;
  EXPECT_FALSE(contains(result.err, "\x1b"));
}

TEST_F(Wait, InALogIsSilentWhenItIsShort) {
  Lock holder = held(lockfile());
  const auto waiter = start({"run", "--timeout", "200ms", "--quiet", lockfile(), "true"});
  EXPECT_EQ(waiter->wait().err, "");
  const auto patient = start({"run", lockfile(), "true"});
  holder.unlock();
  EXPECT_EQ(patient->wait().err, "");
}

}  // namespace
}  // namespace leaselock::cli_test
