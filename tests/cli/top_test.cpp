#include <signal.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/json.hpp>
#include <fstream>

#include "leaselock/semaphore.hpp"
#include "leaselock/shared_lock.hpp"
#include "support/cli_test.hpp"
#include "support/job_shell.hpp"
#include "support/slow_server.hpp"

// Goal: `top` shows an operator every lock of a directory, live, and leaves the terminal as it was. Method: real locks,
// pipes and a pseudo-terminal.
namespace leaselock::cli_test {
namespace {

namespace fs = boost::filesystem;
namespace json = boost::json;

constexpr const char* begins_view = "\x1b[?1049h";
constexpr const char* ends_view = "\x1b[?1049l";

LockOptions for_a_minute() {
  LockOptions options;
  options.lifetime = std::chrono::seconds(60);
  return options;
}

class Top : public CliTest {
 protected:
  std::string path(const std::string& name) const { return (directory() / name).string(); }

  Settings terminal() const {
    Settings how = settings();
    how.on_terminal = true;
    how.environment = {{"TERM", "xterm"}};
    return how;
  }
  std::unique_ptr<Child> live(Words more = {}) const {
    Words words{"top", "--interval", "100ms", directory().string()};
    words.insert(words.end(), more.begin(), more.end());
    return start(words, terminal());
  }
  /// The terminal is as it was before the command had it.
  static void expect_given_back(Child& top) {
    EXPECT_NE(top.modes().c_lflag & ICANON, 0U);
    EXPECT_NE(top.modes().c_lflag & ECHO, 0U);
    const std::string out = top.out();
    EXPECT_TRUE(contains(out, begins_view)) << out;
    EXPECT_TRUE(out.ends_with("\x1b[?7h\x1b[?25h" + std::string(ends_view))) << out;
  }
};

TEST_F(Top, OncePrintsEveryLockWithItsHolders) {
  const Lock lock = held(path("a.lck"));
  Semaphore semaphore(path("b.sem"), 3, for_a_minute());
  semaphore.acquire(2);
  SharedLock shared(path("c.rw"), for_a_minute());
  shared.lock_shared();
  held(path("d.lck")).unlock();
  const Result result = run({"top", "--once", directory().string()});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.out, directory().string() + ": 4 locks, 4 holders, 0 waiters\n")) << result.out;
  EXPECT_EQ(lines(result.out), 1U + 1U + 1U + 2U + 1U + 1U) << result.out;
  EXPECT_TRUE(contains(result.out, "\na.lck    ")) << result.out;
  EXPECT_TRUE(contains(result.out, "\nb.sem 2/3   ")) << result.out;
  EXPECT_TRUE(contains(result.out, "  reads\n")) << result.out;
  EXPECT_TRUE(contains(result.out, "  free\n")) << result.out;
  EXPECT_TRUE(contains(result.out, lock.hostname() + "  ")) << result.out;
  EXPECT_TRUE(contains(result.out, "  " + std::to_string(getpid()) + "  ")) << result.out;
  EXPECT_FALSE(contains(result.out, "\x1b")) << "plain in a pipe";
}

TEST_F(Top, WithoutATerminalPrintsOneSnapshot) {
  const Lock lock = held(lockfile());
  const Result result = run({"top", directory().string()});
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(contains(result.out, "db.lck")) << result.out;
}

TEST_F(Top, InJsonPrintsWhatStatusPrints) {
  const Lock lock = held(path("a.lck"));
  Semaphore semaphore(path("b.sem"), 2, for_a_minute());
  semaphore.acquire();
  const Result result = run({"top", "--json", directory().string()});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out, run({"status", "--json", path("a.lck"), path("b.sem")}).out);
}

TEST_F(Top, LooksIntoDirectoriesBelowOnlyWhenAsked) {
  fs::create_directories(directory() / "x" / "y");
  fs::create_directories(directory() / ".snapshot");
  fs::create_directory_symlink(directory() / "x", directory() / "again");
  const Lock lock = held(path("x/y/deep.lck"));
  const Lock old = held(path(".snapshot/old.lck"));
  EXPECT_TRUE(contains(run({"top", directory().string()}).out, ": 0 locks,"));
  const std::string out = run({"top", "--recursive", directory().string() + "/"}).out;
  EXPECT_TRUE(contains(out, ": 1 lock, 1 holder,")) << "neither snapshots nor symbolic links: " << out;
  EXPECT_TRUE(contains(out, "\nx/y/deep.lck  ")) << out;
}

TEST_F(Top, PutsADeadHolderOnTopAndCountsIt) {
  const Lock lock = held(path("a.lck"));
  leave_held(path("z.lck"), std::chrono::seconds(60));
  const std::string out = run({"top", directory().string()}).out;
  EXPECT_TRUE(contains(out, ", 1 needs attention\n")) << out;
  EXPECT_LT(out.find("z.lck"), out.find("a.lck")) << out;
  EXPECT_TRUE(contains(out, "process is gone")) << out;
}

TEST_F(Top, SaysWhatItCannotLookAtAndEndsWithTwo) {
  std::ofstream(lockfile()) << "nonsense";
  fs::create_directories(path("db.lck|fence"));
  EXPECT_EQ(run({"top", directory().string()}).status, 2);
  const Result missing = run({"top", "--json", path("missing"), directory().string()});
  EXPECT_EQ(missing.status, 2);
  EXPECT_TRUE(contains(missing.err, "missing")) << missing.err;
  EXPECT_TRUE(contains(missing.out, "db.lck")) << "the others are looked at all the same: " << missing.out;
}

TEST_F(Top, OnATerminalShowsWhatChangesUntilQIsPressed) {
  Lock lock = held(lockfile());
  const auto top = live();
  ASSERT_TRUE(top->says("db.lck")) << top->out();
  ASSERT_TRUE(top->says("held")) << top->out();
  EXPECT_EQ(top->modes().c_lflag & (ICANON | ECHO), 0U) << "keys act at once";
  lock.unlock();
  EXPECT_TRUE(top->says("free")) << top->out();
  const Lock other = held(path("other.lck"));
  EXPECT_TRUE(top->says("other.lck")) << top->out();
  top->type("q");
  EXPECT_EQ(top->wait().status, 0);
  expect_given_back(*top);
}

TEST_F(Top, GivesTheTerminalBackWhateverEndsIt) {
  const std::pair<int, int> ends[] = {{SIGTERM, 143}, {SIGHUP, 129}, {SIGINT, 0}};
  for (const auto& [signal_number, status] : ends) {
    const auto top = live();
    ASSERT_TRUE(top->says("0 locks"));
    top->send(signal_number);
    EXPECT_EQ(top->wait().status, status);
    expect_given_back(*top);
  }
  const auto top = live();
  ASSERT_TRUE(top->says("0 locks"));
  top->type("\x03");
  EXPECT_EQ(top->wait().status, 0);
  expect_given_back(*top);
}

TEST_F(Top, GivesTheTerminalBackWhileItIsStopped) {
  Settings how = terminal();
  how.before_exec = under_job_shell;
  const auto top = start({"top", "--interval", "100ms", directory().string()}, how);
  ASSERT_TRUE(top->says("0 locks"));
  top->type("\x1a");
  ASSERT_TRUE(top->says(std::string(ends_view) + "[stopped]")) << top->out();
  EXPECT_NE(top->modes().c_lflag & ICANON, 0U);
  const std::size_t before = top->out().size();
  top->type("fg\n");
  ASSERT_TRUE(eventually([&] { return contains(top->out().substr(before), begins_view); })) << "drawn anew";
  EXPECT_TRUE(eventually([&] { return contains(top->out().substr(before), "0 locks"); }));
  top->type("q");
  EXPECT_EQ(top->wait().status, 0);
  expect_given_back(*top);
}

TEST_F(Top, FillsTheTerminalAndFollowsItsSize) {
  std::vector<Lock> locks;
  for (int i = 10; i < 40; ++i) locks.push_back(held(path("lock" + std::to_string(i))));
  const auto top = live();
  ASSERT_TRUE(top->says("lines 1-21 of 30")) << top->out();
  top->resize(10, 100);
  EXPECT_TRUE(top->says("lines 1-7 of 30")) << top->out();
  top->type("\x1b[B");
  EXPECT_TRUE(top->says("lines 2-8 of 30")) << top->out();
  top->type("G");
  EXPECT_TRUE(top->says("lines 24-30 of 30")) << top->out();
  top->type("q");
  EXPECT_EQ(top->wait().status, 0);
}

TEST_F(Top, SortsAndPausesByKey) {
  const auto top = live();
  ASSERT_TRUE(top->says("s sort by name"));
  top->type("s");
  EXPECT_TRUE(top->says("s sort by attention"));
  top->type("p");
  ASSERT_TRUE(top->says("paused"));
  const Lock lock = held(lockfile());
  top->type("p");
  EXPECT_TRUE(top->says("db.lck")) << "it goes on";
  top->type("q");
  EXPECT_EQ(top->wait().status, 0);
}

TEST_F(Top, EndsWhenItsTerminalIsGone) {
  auto top = live();
  ASSERT_TRUE(top->says("0 locks"));
  top->hang_up();
  EXPECT_EQ(top->wait().status, 129);
}

TEST_F(Top, ActsOnKeysWhileTheServerDoesNotAnswer) {
  Settings how = terminal();
  how.before_exec = SlowServer::intercept_looks;
  SlowServer server;
  const Lock lock = held(lockfile());
  const auto top = start({"top", "--interval", "100ms", directory().string()}, how);
  if (!server.attach(top->pid())) GTEST_SKIP() << "the kernel does not let this user intercept system calls";
  ASSERT_TRUE(top->says("db.lck")) << top->out();
  server.hang();
  ASSERT_TRUE(top->says(directory().string() + ": no answer for ")) << top->out();
  EXPECT_TRUE(server.is_waited_for());
  top->type("s");
  EXPECT_TRUE(top->says("s sort by attention"));
  top->type("q");
  EXPECT_EQ(top->wait().status, 0) << "the look is left behind";
  expect_given_back(*top);
}

}  // namespace
}  // namespace leaselock::cli_test
