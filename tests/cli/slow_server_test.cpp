#include "support/slow_server.hpp"

#include <signal.h>

#include <fstream>

#include "support/cli_test.hpp"

// Goal: a file server that does not answer can hold up neither the end of the command nor the person at the keyboard.
// Method: every rename, and so every refresh and release, waits for our word.
namespace leaselock::cli_test {
namespace {

class ServerThatHangs : public CliTest {
 protected:
  /// Starts a command under the lock; it writes "ready" when it runs. Null where the kernel does not let us.
  std::unique_ptr<Child> start_ready(const std::string& lifetime, const std::string& script) {
    Settings how = settings();
    how.before_exec = SlowServer::intercept;
    auto child =
        start({"run", "--lifetime", lifetime, lockfile(), "--", "/bin/sh", "-c", "echo ready; " + script}, how);
    return server_.attach(child->pid()) && child->says("ready") ? std::move(child) : nullptr;
  }
  static constexpr const char* skipped = "the kernel does not let this user intercept system calls";

  SlowServer server_;
};

TEST_F(ServerThatHangs, DoesNotKeepTheCommandFromBeingStoppedWhenTheLeaseEnds) {
  const auto child = start_ready("1500ms", "trap 'echo told; exit 0' TERM; while :; do sleep 0.05; done");
  if (!child) GTEST_SKIP() << skipped;
  server_.hang();
  const Result result = child->wait();
  EXPECT_TRUE(server_.is_waited_for());
  EXPECT_EQ(result.status, 76);
  EXPECT_TRUE(contains(result.out, "told")) << result.out;
  EXPECT_TRUE(contains(result.err, "could not be refreshed")) << result.err;
}

TEST_F(ServerThatHangs, DoesNotKeepSignalsFromTheCommand) {
  const auto child = start_ready("6s", "trap 'echo told; exit 5' USR1; while :; do sleep 0.05; done");
  if (!child) GTEST_SKIP() << skipped;
  server_.hang();
  ASSERT_TRUE(eventually([this] { return server_.is_waited_for(); })) << "a refresh hangs";
  child->send(SIGUSR1);
  EXPECT_TRUE(child->says("told")) << child->err();
}

TEST_F(ServerThatHangs, DoesNotChangeTheStatusOfACommandThatEndsMeanwhile) {
  const auto child =
      start_ready("6s", "while ! test -e '" + scratch("done") + "'; do sleep 0.05; done; echo ended; exit 5");
  if (!child) GTEST_SKIP() << skipped;
  server_.hang();
  ASSERT_TRUE(eventually([this] { return server_.is_waited_for(); })) << "a refresh hangs";
  std::ofstream(scratch("done")).close();
  ASSERT_TRUE(child->says("ended"));
  server_.recover();
  const Result result = child->wait();
  EXPECT_EQ(result.status, 5) << result.err;
  EXPECT_EQ(run({"run", "--no-wait", lockfile(), "true"}).status, 0) << "the lock was given back";
}

TEST_F(ServerThatHangs, CanBeLeftWithASignalWhileTheLockIsGivenBack) {
  const auto child = start_ready("60s", "while ! test -e '" + scratch("done") + "'; do sleep 0.05; done");
  if (!child) GTEST_SKIP() << skipped;
  server_.hang();
  std::ofstream(scratch("done")).close();
  ASSERT_TRUE(eventually([this] { return server_.is_waited_for(); })) << "the release hangs";
  child->send(SIGINT);
  const Result result = child->wait();
  EXPECT_EQ(result.status, 130);
  EXPECT_TRUE(contains(result.err, "not given back")) << result.err;
}

TEST_F(ServerThatHangs, CanBeLeftWithASecondSignalWhileTheLockIsTaken) {
  Settings how = settings();
  how.before_exec = SlowServer::intercept;
  server_.hang();
  const auto child = start({"run", lockfile(), "--", "/bin/echo", "ran"}, how);
  if (!server_.attach(child->pid())) GTEST_SKIP() << skipped;
  ASSERT_TRUE(eventually([this] { return server_.is_waited_for(); }));
  child->send(SIGINT);
  child->send(SIGTERM);
  const Result result = child->wait();
  EXPECT_GT(result.status, 128);
  EXPECT_TRUE(contains(result.err, "does not answer")) << result.err;
  EXPECT_TRUE(contains(result.err, "leaselock clean")) << result.err;
  EXPECT_EQ(result.out, "");
}

}  // namespace
}  // namespace leaselock::cli_test
