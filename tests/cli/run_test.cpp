#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "support/cli_test.hpp"

// Goal: `run` holds the lock exactly while the command runs and is otherwise transparent. Method: shell commands that
// report what they find.
namespace leaselock::cli_test {
namespace {

class Run : public CliTest {};

Words shell(const std::string& lockfile, const std::string& script) {
  return {"run", lockfile, "--", "/bin/sh", "-c", script};
}

TEST_F(Run, PassesTheExitStatusOn) {
  EXPECT_EQ(run(shell(lockfile(), "exit 0")).status, 0);
  EXPECT_EQ(run(shell(lockfile(), "exit 7")).status, 7);
  EXPECT_EQ(run(shell(lockfile(), "exit 255")).status, 255);
}

TEST_F(Run, ReportsACommandEndedByASignalAs128PlusItsNumber) {
  EXPECT_EQ(run(shell(lockfile(), "kill -TERM $$")).status, 128 + SIGTERM);
  EXPECT_EQ(run(shell(lockfile(), "kill -KILL $$")).status, 128 + SIGKILL);
}

TEST_F(Run, PassesTheOutputsThroughAndAddsNothing) {
  const Result result = run(shell(lockfile(), "echo out; echo err >&2"));
  EXPECT_EQ(result.out, "out\n");
  EXPECT_EQ(result.err, "err\n");
}

TEST_F(Run, HoldsTheLockWhileTheCommandRunsAndNotAfterwards) {
  ASSERT_EQ(mkfifo(scratch("pipe").c_str(), 0600), 0);
  const auto child = start(shell(lockfile(), "echo ready; read line < '" + scratch("pipe") + "'"));
  ASSERT_TRUE(child->says("ready"));
  EXPECT_EQ(run({"run", "--no-wait", lockfile(), "true"}).status, 75);
  std::ofstream(scratch("pipe")) << "go\n";
  EXPECT_EQ(child->wait().status, 0);
  EXPECT_EQ(run({"run", "--no-wait", lockfile(), "true"}).status, 0);
}

TEST_F(Run, LeavesOnlyTheFenceBehind) {
  run(shell(lockfile(), "true"));
  EXPECT_EQ(names(), std::vector<std::string>{"db.lck|fence"});
}

TEST_F(Run, LeavesNothingBehindWithDestroy) {
  EXPECT_EQ(run({"run", "--destroy", lockfile(), "true"}).status, 0);
  EXPECT_TRUE(names().empty());
}

TEST_F(Run, LeavesNothingBehindInCompatMode) {
  EXPECT_EQ(run({"run", "--compat", lockfile(), "true"}).status, 0);
  EXPECT_TRUE(names().empty());
}

TEST_F(Run, MakesNoLockFileWithoutTheMirror) {
  EXPECT_EQ(run({"run", "--no-mirror", lockfile(), "--", "/bin/sh", "-c", "! test -e \"$LEASELOCK_FILE\""}).status, 0);
  EXPECT_EQ(run({"run", lockfile(), "--", "/bin/sh", "-c", "test -e \"$LEASELOCK_FILE\""}).status, 0);
}

TEST_F(Run, TellsTheCommandFileTokenAndExpiry) {
  const Result result = run(shell(lockfile(), "echo \"$LEASELOCK_FILE $LEASELOCK_TOKEN $LEASELOCK_EXPIRES\""));
  std::istringstream words(result.out);
  std::string file, expires;
  FencingToken token = 0;
  words >> file >> token >> expires;
  EXPECT_EQ(file, lockfile());
  EXPECT_GT(token, 0U);
  EXPECT_EQ(expires.size(), std::string("2026-11-21T07:15:30.250Z").size());
  EXPECT_TRUE(expires.ends_with("Z"));
}

TEST_F(Run, TellsTheCommandALargerTokenEachTime) {
  const auto token = [this] { return std::stoull(run(shell(lockfile(), "echo $LEASELOCK_TOKEN")).out); };
  const auto first = token();
  EXPECT_GT(token(), first);
}

TEST_F(Run, TellsTheCommandAnAbsolutePath) {
  Settings how = settings();
  how.before_exec = [this] { return chdir(directory().c_str()) == 0; };
  EXPECT_EQ(run(shell("db.lck", "echo $LEASELOCK_FILE"), how).out, lockfile() + "\n");
}

TEST_F(Run, TellsTheCommandNoTokenInCompatModeNotEvenAnOuterOne) {
  Settings how = settings();
  how.environment = {{"LEASELOCK_TOKEN", "17"}};
  const Words words = {"run", "--compat", lockfile(), "--", "/bin/sh", "-c", "echo ${LEASELOCK_TOKEN-absent}"};
  EXPECT_EQ(run(words, how).out, "absent\n");
}

TEST_F(Run, NeedsNoDashesBeforeAPlainCommand) {
  EXPECT_EQ(run({"run", lockfile(), "/bin/echo", "-n", "--timeout", "x"}).out, "--timeout x");
  EXPECT_EQ(run({"run", "--timeout", "5s", lockfile(), "/bin/echo", "a", "--", "b"}).out, "a -- b\n");
  EXPECT_EQ(run({"run", lockfile(), "--timeout", "5s", "--", "printf", "%s", "--help"}).out, "--help")
      << "options may stand behind LOCK";
}

TEST_F(Run, DoesNotMistakeACommandNameForALock) {
  Settings how = settings();
  how.before_exec = [this] { return chdir(directory().c_str()) == 0; };
  EXPECT_EQ(run({"run", "status", "/bin/echo", "run"}, how).out, "run\n");
}

TEST_F(Run, Ends127WhenTheCommandIsNotFound) {
  Settings how = settings();
  how.environment = {{"PATH", "/usr/bin:/bin"}};
  const Result result = run({"run", lockfile(), "--", "no-such-command-anywhere"}, how);
  EXPECT_EQ(result.status, 127);
  EXPECT_TRUE(contains(result.err, "no-such-command-anywhere")) << result.err;
  EXPECT_EQ(run({"run", "--no-wait", lockfile(), "true"}).status, 0) << "the lock was given back";
}

TEST_F(Run, Ends126WhenTheCommandCannotBeExecuted) {
  const Result result = run({"run", lockfile(), "--", directory().string()});
  EXPECT_EQ(result.status, 126);
  EXPECT_TRUE(contains(result.err, directory().string())) << result.err;
}

TEST_F(Run, Ends75AtOnceWhenItMayNotWait) {
  const Lock holder = held(lockfile());
  const Result result = run({"run", "--no-wait", lockfile(), "--", "/bin/echo", "ran"});
  EXPECT_EQ(result.status, 75);
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(contains(result.err, lockfile())) << result.err;
  EXPECT_TRUE(contains(result.err, std::to_string(getpid()))) << "says who holds it: " << result.err;
  EXPECT_LE(lines(result.err), 2U);
}

TEST_F(Run, Ends75WhenTheTimeIsOver) {
  const Lock holder = held(lockfile());
  EXPECT_EQ(run({"run", "--timeout", "300ms", lockfile(), "true"}).status, 75);
}

TEST_F(Run, SaysNothingWhenQuietAndNotAcquiredInTime) {
  const Lock holder = held(lockfile());
  const Result result = run({"run", "--quiet", "--no-wait", lockfile(), "true"});
  EXPECT_EQ(result.status, 75);
  EXPECT_EQ(result.err, "");
}

TEST_F(Run, LeavesNoClaimWhenItDidNotAcquire) {
  const Lock holder = held(lockfile());
  const std::vector<std::string> before = names();
  run({"run", "--timeout", "100ms", lockfile(), "true"});
  EXPECT_EQ(names(), before);
}

TEST_F(Run, WaitsUntilTheHolderReleases) {
  Lock holder = held(lockfile());
  const auto waiter = start({"run", "--trace", lockfile(), "--", "/bin/echo", "ran"});
  ASSERT_TRUE(waiter->says("wait until"));
  EXPECT_EQ(waiter->out(), "");
  holder.unlock();
  const Result result = waiter->wait();
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.out, "ran\n");
}

TEST_F(Run, KeepsALeaseAliveThatIsShorterThanTheCommand) {
  const auto child = start({"run", "--lifetime", "2s", lockfile(), "--", "/bin/sh", "-c", "echo ready; sleep 5"});
  ASSERT_TRUE(child->says("ready"));
  EXPECT_EQ(run({"run", "--timeout", "3s", lockfile(), "true"}).status, 75)
      << "the lease is over, and it is still held";
  const Result result = child->wait();
  EXPECT_EQ(result.status, 0) << result.err;
}

TEST_F(Run, SaysThatTheHolderBeforeDiedUnlessQuiet) {
  leave_held(lockfile(), std::chrono::seconds(1));
  const Result result = run(shell(lockfile(), "true"));
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(contains(result.err, "note:")) << result.err;
  EXPECT_TRUE(contains(result.err, "half done")) << result.err;

  leave_held(lockfile(), std::chrono::seconds(1));
  EXPECT_EQ(run({"run", "--quiet", lockfile(), "true"}).err, "");
}

TEST_F(Run, LeavesNoDescriptorOpenInTheCommand) {
  const Result result = run({"run", lockfile(), "--", "ls", "/proc/self/fd"});
  EXPECT_EQ(result.out, "0\n1\n2\n3\n") << "3 is ls looking";
}

TEST_F(Run, LeavesNoSignalBlockedOrIgnoredInTheCommand) {
  const Result result = run(shell(lockfile(), "grep -E 'SigBlk|SigIgn' /proc/self/status"));
  EXPECT_EQ(result.out, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_F(Run, LeavesIgnoredWhatWasIgnoredAsNohupWants) {
  Settings how = settings();
  how.before_exec = [] { return signal(SIGHUP, SIG_IGN) != SIG_ERR; };
  const auto child = start(shell(lockfile(), "echo ready; sleep 1"), how);
  ASSERT_TRUE(child->says("ready"));
  child->send(SIGHUP);
  EXPECT_EQ(child->wait().status, 0);
}

TEST_F(Run, TracesTheStepsOfTheProtocol) {
  const Result result = run({"run", "--trace", lockfile(), "true"});
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(contains(result.err, "ename")) << "the rename of the baton: " << result.err;
  EXPECT_GT(lines(result.err), 5U);
}

TEST_F(Run, UsesTheSeparatorItIsGiven) {
  EXPECT_EQ(run({"run", "--separator", "+", lockfile(), "true"}).status, 0);
  EXPECT_EQ(names(), std::vector<std::string>{"db.lck+fence"});
}

}  // namespace
}  // namespace leaselock::cli_test
