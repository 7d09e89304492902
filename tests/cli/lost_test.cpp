#include <signal.h>
#include <sys/stat.h>

#include <fstream>

#include "leaselock/maintenance.hpp"
#include "support/cli_test.hpp"
#include "support/processes.hpp"
#include "support/surroundings.hpp"

// Goal: a command does not go on without its lock. Method: the lock is broken by force, the refresh is made
// impossible, or the program is stopped for longer than its lease.
namespace leaselock::cli_test {
namespace {

class Lost : public CliTest {
 protected:
  /// Lets a command end that waits for this file.
  static void finish(const std::string& path) { std::ofstream file(path); }
  /// To the front and the keeper: all that could save the lease.
  static void send_to_both(const Child& child, int signal_number) {
    child.send(signal_number);
    kill(descendant_named(child.pid(), "leaselock-keep"), signal_number);
  }
  std::unique_ptr<Child> start_short_lease(const std::string& script, const Words& options = {}) {
    return start_short_lease(script, options, settings());
  }
  std::unique_ptr<Child> start_short_lease(const std::string& script, const Words& options, const Settings& how) {
    Words words = {"run", "--lifetime", "1500ms"};
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), {lockfile(), "--", "/bin/sh", "-c", script});
    return start(words, how);
  }
};

TEST_F(Lost, LeaseEndsTheCommandWith76) {
  const auto child = start_short_lease("trap 'echo told; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
  ASSERT_TRUE(child->says("ready"));
  ASSERT_TRUE(unsafe_break(lockfile()));
  const Result result = child->wait();
  EXPECT_EQ(result.status, 76);
  EXPECT_TRUE(contains(result.out, "told")) << result.out;
  EXPECT_TRUE(contains(result.err, "lock lost")) << result.err;
  EXPECT_FALSE(contains(result.err, "trying again")) << "there is nothing to wait for: " << result.err;
  EXPECT_TRUE(contains(result.err, lockfile())) << result.err;
}

TEST_F(Lost, LeaseKillsACommandThatDoesNotListen) {
  const auto child =
      start_short_lease("trap '' TERM; echo ready; while :; do sleep 0.05; done", {"--kill-grace", "200ms"});
  ASSERT_TRUE(child->says("ready"));
  ASSERT_TRUE(unsafe_break(lockfile()));
  EXPECT_EQ(child->wait().status, 76);
}

TEST_F(Lost, LeaseDoesNotDisturbTheNextHolder) {
  const auto child = start_short_lease("echo ready; exec sleep 60");
  ASSERT_TRUE(child->says("ready"));
  ASSERT_TRUE(unsafe_break(lockfile()));
  Lock next = held(lockfile());
  EXPECT_EQ(child->wait().status, 76);
  EXPECT_TRUE(next.is_locked());
  EXPECT_NO_THROW(next.unlock());
}

TEST_F(Lost, LeaseIsReportedWhenTheCommandEndedFirst) {
  const auto child = start_short_lease("echo $$; while ! test -e '" + scratch("done") + "'; do sleep 0.05; done");
  ASSERT_TRUE(child->says("\n"));
  const std::string command = std::to_string(std::stoi(child->out()));
  send_to_both(*child, SIGSTOP);
  { const Lock next = held(lockfile()); }  // waits until the lease has run out
  finish(scratch("done"));
  ASSERT_TRUE(eventually([&] { return contains(contents("/proc/" + command + "/stat"), ") Z "); })) << "it has ended";
  send_to_both(*child, SIGCONT);
  const Result result = child->wait();
  EXPECT_EQ(result.status, 76) << "what it did was not protected to its end";
  EXPECT_FALSE(result.err.empty());
}

TEST_F(Lost, ProgramThatWasStoppedForLongerThanItsLeaseStopsTheCommand) {
  const auto child = start_short_lease("echo ready; exec sleep 60");
  ASSERT_TRUE(child->says("ready"));
  send_to_both(*child, SIGSTOP);
  { const Lock next = held(lockfile()); }  // waits until the lease has run out
  send_to_both(*child, SIGCONT);
  EXPECT_EQ(child->wait().status, 76);
}

TEST_F(Lost, RefreshIsTriedAgainWhileTheLeaseRuns) {
  Settings how = settings();
  how.before_exec = become_ordinary_user;
  const auto child = start_short_lease("echo ready; while ! test -e '" + scratch("done") + "'; do sleep 0.05; done",
                                       {"--lifetime", "6s", "--no-mirror", "--kill-grace", "500ms"}, how);
  ASSERT_TRUE(child->says("ready"));
  const std::string fence = lockfile() + "|fence";
  ASSERT_EQ(chmod(fence.c_str(), 0555), 0);
  ASSERT_TRUE(child->says("trying again")) << child->err();
  ASSERT_EQ(chmod(fence.c_str(), 0777), 0);
  EXPECT_TRUE(child->says("refreshed again")) << child->err();
  finish(scratch("done"));
  EXPECT_EQ(child->wait().status, 0);
}

TEST_F(Lost, RefreshThatStaysImpossibleStopsTheCommandBeforeTheLeaseEnds) {
  Settings how = settings();
  how.before_exec = become_ordinary_user;
  const auto child = start_short_lease("trap 'echo told; exit 0' TERM; echo ready; while :; do sleep 0.05; done",
                                       {"--no-mirror"}, how);
  ASSERT_TRUE(child->says("ready"));
  const std::string fence = lockfile() + "|fence";
  ASSERT_EQ(chmod(fence.c_str(), 0555), 0);
  const bool told = child->says("told");
  LockOptions options;
  options.mirror = false;
  EXPECT_NE(inspect(lockfile(), options).state, LockState::unlocked) << "nobody else can have it yet";
  EXPECT_TRUE(told);
  EXPECT_EQ(child->wait().status, 76);
  chmod(fence.c_str(), 0777);
}

}  // namespace
}  // namespace leaselock::cli_test
