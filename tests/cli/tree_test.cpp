#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <memory>

#include "leaselock/maintenance.hpp"
#include "support/cli_test.hpp"
#include "support/processes.hpp"
#include "support/slow_server.hpp"
#include "support/surroundings.hpp"

// Goal: all that a command started is gone before anybody else has the lock, however it detached itself. Method: a
// command leaves a daemon, which forked twice, made a session of its own and ignores SIGTERM; the lease is lost because
// every rename hangs; the test waits for the lock and then looks whom it meets.
namespace leaselock::cli_test {
namespace {

class Tree : public CliTest {
 protected:
  /// Whoever should have been gone.
  ~Tree() override {
    for (const std::string& name : names_of_all()) end(scratch(name));
  }
  /// A command that leaves daemons behind. Each process writes its id into a file: "command", "daemon1", ...
  std::string script(int daemons) const {
    std::string text;
    for (int number = 1; number <= daemons; ++number) {
      text += "(setsid /bin/sh -c 'trap \"\" TERM HUP; echo $$ > " + scratch("daemon" + std::to_string(number)) +
              "; while :; do sleep 0.05; done' &) ; ";
    }
    return text + "echo $$ > " + scratch("command") + "; while :; do sleep 0.05; done";
  }
  void start(int daemons, bool (*surroundings)() = nullptr, const Words& options = {}) {
    daemons_ = daemons;
    Settings how = settings();
    how.before_exec = [surroundings] { return (!surroundings || surroundings()) && SlowServer::intercept(); };
    Words words = {"run", "--lifetime", "3s", "--kill-grace", "500ms", "--trace"};
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), {lockfile(), "--", "/bin/sh", "-c", script(daemons)});
    child_ = CliTest::start(words, how);
  }
  bool everybody_runs() {
    return eventually([this] {
      for (const std::string& name : names_of_all()) {
        if (pid_in(scratch(name)) == 0) return false;
      }
      return true;
    });
  }
  std::string survivors() const {
    std::string list;
    for (const std::string& name : names_of_all()) {
      if (is_alive(pid_in(scratch(name)))) list += name + " ";
    }
    return list;
  }
  void lose_the_lease() {
    ASSERT_TRUE(everybody_runs());
    server_.hang();
    LockOptions options;
    options.trust = Trust::anyone;  // the fence may be another user's
    Lock next(lockfile(), options);
    next.lock();
    EXPECT_EQ(survivors(), "") << "the next holder must meet nobody";
  }
  static constexpr const char* skipped = "the kernel does not let this user intercept system calls";

  SlowServer server_;
  std::unique_ptr<Child> child_;

 private:
  std::vector<std::string> names_of_all() const {
    std::vector<std::string> names{"command"};
    for (int number = 1; number <= daemons_; ++number) names.push_back("daemon" + std::to_string(number));
    return names;
  }

  int daemons_ = 0;
};

TEST_F(Tree, IsGoneBeforeTheNextHolderComes) {
  start(3);
  if (!server_.attach(child_->pid())) GTEST_SKIP() << skipped;
  lose_the_lease();
  EXPECT_EQ(child_->wait().status, 76);
}

TEST_F(Tree, IsGoneWithoutAControlGroupToo) {
  start(3, become_ordinary_user);
  if (!server_.attach(child_->pid())) GTEST_SKIP() << skipped;
  ASSERT_TRUE(everybody_runs());
  EXPECT_TRUE(contains(child_->err(), "no control group")) << child_->err();
  lose_the_lease();
  EXPECT_EQ(child_->wait().status, 76);
}

TEST_F(Tree, IsGoneAlthoughItKeepsForking) {
  const std::string crowd = "while :; do (setsid sleep 60 & echo $! >> " + scratch("crowd") + ") ; sleep 0.01; done";
  const auto child = CliTest::start(
      {"run", "--lifetime", "2s", "--kill-grace", "0s", lockfile(), "--", "/bin/sh", "-c", "trap '' TERM; " + crowd});
  ASSERT_TRUE(eventually([this] { return lines(contents(scratch("crowd"))) > 20; }));
  ASSERT_TRUE(unsafe_break(lockfile()));
  EXPECT_EQ(child->wait().status, 76);
  std::ifstream crowd_file(scratch("crowd"));
  for (pid_t pid = 0; crowd_file >> pid;) EXPECT_FALSE(is_alive(pid)) << pid;
}

TEST_F(Tree, IsPutIntoAControlGroupWhichIsRemovedAfterwards) {
  const auto child = CliTest::start({"run", "--trace", lockfile(), "--", "/bin/sh", "-c", "cat /proc/self/cgroup"});
  const Result result = child->wait();
  if (contains(result.err, "no control group")) GTEST_SKIP() << "this user may make no control group";
  const std::string said = "is in the control group ";
  ASSERT_TRUE(contains(result.err, said)) << result.err;
  const auto begin = result.err.find(said) + said.size();
  const std::string path = result.err.substr(begin, result.err.find('\n', begin) - begin);
  EXPECT_TRUE(contains(result.out, path.substr(path.rfind('/')) + "\n")) << result.out;
  EXPECT_NE(access(path.c_str(), F_OK), 0) << path;
}

TEST_F(Tree, IsToldToEndBeforeItIsKilled) {
  const std::string daemon = "(setsid /bin/sh -c 'trap \"echo told; exit 0\" TERM; echo $$ > " + scratch("daemon") +
                             "; while :; do sleep 0.05; done' &) ; while :; do sleep 0.05; done";
  const auto child = CliTest::start({"run", "--lifetime", "6s", lockfile(), "--", "/bin/sh", "-c", daemon});
  ASSERT_TRUE(eventually([this] { return pid_in(scratch("daemon")) != 0; }));
  ASSERT_TRUE(unsafe_break(lockfile()));
  const Result result = child->wait();
  EXPECT_EQ(result.status, 76);
  EXPECT_TRUE(contains(result.out, "told")) << result.out;
}

TEST_F(Tree, IsWaitedForWhenTheCommandHasEnded) {
  const std::string background =
      "(setsid /bin/sh -c 'while ! test -e " + scratch("done") + "; do sleep 0.05; done; echo background' &) ; exit 7";
  const auto child = CliTest::start({"run", lockfile(), "--", "/bin/sh", "-c", background});
  ASSERT_TRUE(child->says("the command has ended; the lock is kept")) << child->err();
  EXPECT_TRUE(contains(child->err(), "(sh)")) << "says for whom: " << child->err();
  EXPECT_EQ(run({"run", "--no-wait", lockfile(), "true"}).status, 75);
  std::ofstream(scratch("done")).close();
  const Result result = child->wait();
  EXPECT_EQ(result.status, 7);
  EXPECT_EQ(result.out, "background\n");
}

TEST_F(Tree, IsEndedBySignalsWhenTheCommandHasEnded) {
  const std::string background = "(setsid /bin/sh -c 'trap \"\" TERM INT; echo $$; exec sleep 60' &) ; exit 7";
  for (const int number : {SIGTERM, SIGINT}) {
    const auto child = CliTest::start({"run", "-k", "100ms", lockfile(), "--", "/bin/sh", "-c", background});
    ASSERT_TRUE(child->says("\n"));
    ASSERT_TRUE(child->says("the command has ended"));
    child->send(number);
    const Result result = child->wait();
    EXPECT_EQ(result.status, 7);
    EXPECT_FALSE(is_alive(std::stoi(result.out)));
  }
}

TEST_F(Tree, IsEndedWithACommandThatWasAskedToEnd) {
  const std::string background = "(setsid /bin/sh -c 'trap \"\" TERM; echo $$; exec sleep 60' &) ; sleep 60";
  const auto child = CliTest::start({"run", "-k", "100ms", lockfile(), "--", "/bin/sh", "-c", background});
  ASSERT_TRUE(child->says("\n"));
  child->send(SIGTERM);
  const Result result = child->wait();
  EXPECT_EQ(result.status, 128 + SIGTERM);
  EXPECT_FALSE(is_alive(std::stoi(result.out)));
}

TEST_F(Tree, IsLeftAloneIfThatIsWanted) {
  const auto child = CliTest::start(
      {"run", "--only-command", lockfile(), "--", "/bin/sh", "-c", "(setsid sleep 60 & echo $!) ; exit 7"});
  const Result result = child->wait();
  EXPECT_EQ(result.status, 7);
  const pid_t background = std::stoi(result.out);
  EXPECT_TRUE(is_alive(background));
  EXPECT_EQ(run({"run", "--no-wait", lockfile(), "true"}).status, 0);
  kill(background, SIGKILL);
}

}  // namespace
}  // namespace leaselock::cli_test
