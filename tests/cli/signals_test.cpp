#include <signal.h>

#include "support/cli_test.hpp"

// Goal: signals reach the command, and a wait for the lock can be interrupted. Method: shell commands with traps.
namespace leaselock::cli_test {
namespace {

class Signals : public CliTest {};

Words trapping(const std::string& lockfile, const std::string& name) {
  return {"run", lockfile,
          "--",  "/bin/sh",
          "-c",  "trap 'echo got " + name + "; exit 5' " + name + "; echo ready; while :; do sleep 0.05; done"};
}

TEST_F(Signals, SentToTheProgramReachTheCommand) {
  for (const auto& [number, name] :
       {std::pair(SIGTERM, "TERM"), std::pair(SIGINT, "INT"), std::pair(SIGHUP, "HUP"), std::pair(SIGQUIT, "QUIT"),
        std::pair(SIGUSR1, "USR1"), std::pair(SIGUSR2, "USR2")}) {
    const auto child = start(trapping(lockfile(), name));
    ASSERT_TRUE(child->says("ready"));
    child->send(number);
    const Result result = child->wait();
    EXPECT_EQ(result.status, 5) << name;
    EXPECT_TRUE(contains(result.out, std::string("got ") + name)) << result.out;
  }
}

TEST_F(Signals, ReachEverythingThatTheCommandStarted) {
  const auto child = start({"run", lockfile(), "--", "/bin/sh", "-c", "sleep 60 & echo $!; sleep 60 & wait; exit 3"});
  ASSERT_TRUE(child->says("\n"));
  const pid_t grandchild = std::stoi(child->out());
  child->send(SIGTERM);
  EXPECT_EQ(child->wait().status, 128 + SIGTERM);
  EXPECT_TRUE(eventually([grandchild] { return kill(grandchild, 0) != 0; }));
}

TEST_F(Signals, LeaveTheLockReleased) {
  const auto child = start({"run", lockfile(), "--", "/bin/sh", "-c", "echo ready; exec sleep 60"});
  ASSERT_TRUE(child->says("ready"));
  child->send(SIGTERM);
  EXPECT_EQ(child->wait().status, 128 + SIGTERM);
  EXPECT_EQ(run({"run", "--no-wait", lockfile(), "true"}).status, 0);
}

TEST_F(Signals, InterruptAWaitAndLeaveNothingBehind) {
  const Lock holder = held(lockfile());
  const std::vector<std::string> before = names();
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    const auto waiter = start({"run", "--trace", lockfile(), "--", "/bin/echo", "ran"});
    ASSERT_TRUE(waiter->says("wait until"));
    waiter->send(number);
    const Result result = waiter->wait();
    EXPECT_EQ(result.status, 128 + number);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(names(), before);
  }
}

TEST_F(Signals, InterruptAWaitInCompatModeAndRemoveTheClaim) {
  const Lock holder = held(lockfile(), std::chrono::seconds(60), Mode::compat);
  const std::vector<std::string> before = names();
  const auto waiter = start({"run", "--compat", lockfile(), "--", "/bin/echo", "ran"});
  ASSERT_TRUE(eventually([this] { return claims().size() == 2; })) << "the waiter's claim is there";
  waiter->send(SIGINT);
  EXPECT_EQ(waiter->wait().status, 128 + SIGINT);
  EXPECT_EQ(names(), before);
}

TEST_F(Signals, KillTheCommandWhenTheProgramItselfIsKilled) {
  const auto child = start({"run", lockfile(), "--", "/bin/sh", "-c", "echo $$; exec sleep 60"});
  ASSERT_TRUE(child->says("\n"));
  const pid_t command = std::stoi(child->out());
  child->send(SIGKILL);
  child->wait();
  EXPECT_TRUE(eventually([command] { return kill(command, 0) != 0; }))
      << "nobody refreshes the lock any more, so the command must not go on";
}

TEST_F(Signals, ThatAreIgnoredDoNotInterruptAWait) {
  Lock holder = held(lockfile());
  Settings how = settings();
  how.before_exec = [] { return signal(SIGHUP, SIG_IGN) != SIG_ERR; };
  const auto waiter = start({"run", "--trace", lockfile(), "--", "/bin/echo", "ran"}, how);
  ASSERT_TRUE(waiter->says("wait until"));
  waiter->send(SIGHUP);
  holder.unlock();
  EXPECT_EQ(waiter->wait().out, "ran\n");
}

TEST_F(Signals, FromATerminalReachTheCommandOnce) {
  Settings how = settings();
  how.on_terminal = true;
  const std::string script = R"(n=0; trap 'n=$((n+1)); echo got $n' INT; trap 'echo had $n; exit 9' TERM; echo ready
                                while :; do sleep 0.05; done)";
  const auto child = start({"run", lockfile(), "--", "/bin/sh", "-c", script}, how);
  ASSERT_TRUE(child->says("ready"));
  child->send(SIGSTOP);  // so that the command has the terminal's signal before anybody could pass it on
  child->type("\x03");
  ASSERT_TRUE(child->says("got 1"));
  child->send(SIGTERM);
  child->send(SIGCONT);
  const Result result = child->wait();
  EXPECT_EQ(result.status, 9) << result.out;
  EXPECT_TRUE(contains(result.out, "had 1")) << result.out;
}

TEST_F(Signals, LeaveTheTerminalToTheCommand) {
  Settings how = settings();
  how.on_terminal = true;
  const auto child = start({"run", lockfile(), "--", "/bin/sh", "-c", "echo ready; read line; echo \"<$line>\""}, how);
  ASSERT_TRUE(child->says("ready"));
  child->type("typed\n");
  const Result result = child->wait();
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(contains(result.out, "<typed>")) << result.out;
}

}  // namespace
}  // namespace leaselock::cli_test
