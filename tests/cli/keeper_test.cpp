#include <signal.h>

#include "support/cli_test.hpp"
#include "support/job_shell.hpp"
#include "support/processes.hpp"

// Goal: `run` itself may be killed or stopped, and the command does not run on unguarded. Method: signals to its two
// processes; the test waits for the lock and then looks whom it meets.
namespace leaselock::cli_test {
namespace {

class Keeper : public CliTest {
 protected:
  /// Whoever should have been gone.
  ~Keeper() override {
    for (const char* name : {"command", "daemon"}) end(scratch(name));
  }
  /// The command leaves a daemon behind that ignores SIGTERM.
  void start_under_lease(const std::string& lifetime) {
    const std::string daemon = "(setsid /bin/sh -c 'trap \"\" TERM HUP; echo $$ > " + scratch("daemon") +
                               "; while :; do sleep 0.05; done' &) ; ";
    const std::string command = "echo $$ > " + scratch("command") + "; while :; do sleep 0.05; done";
    child_ = start(
        {"run", "--lifetime", lifetime, "--kill-grace", "500ms", lockfile(), "--", "/bin/sh", "-c", daemon + command});
    ASSERT_TRUE(eventually([this] { return pid_in(scratch("daemon")) != 0 && pid_in(scratch("command")) != 0; }));
    keeper_ = descendant_named(child_->pid(), "leaselock-keep");
    ASSERT_NE(keeper_, 0);
  }
  bool command_is_gone() const { return !is_alive(pid_in(scratch("command"))) && !is_alive(pid_in(scratch("daemon"))); }
  void expect_nobody_with_the_lock() {
    const Lock next = held(lockfile());
    EXPECT_FALSE(is_alive(pid_in(scratch("command"))));
    EXPECT_FALSE(is_alive(pid_in(scratch("daemon"))));
  }
  /// A job of a shell on a terminal, which reads a line when it is told to.
  void start_as_job() {
    Settings how = settings();
    how.on_terminal = true;
    how.before_exec = under_job_shell;
    child_ = start({"run", "--lifetime", "6s", lockfile(), "--", "/bin/sh", "-c",
                    "echo $$ > " + scratch("command") + "; echo ready; read line; echo \"<$line>\"; exit 7"},
                   how);
    ASSERT_TRUE(child_->says("ready")) << child_->out();
    front_ = descendant_named(child_->pid(), "leaselock");
    ASSERT_NE(front_, 0);
  }

  std::unique_ptr<Child> child_;
  pid_t keeper_ = 0;
  pid_t front_ = 0;
};

TEST_F(Keeper, EndsEverythingWhenTheFrontIsKilled) {
  start_under_lease("3s");
  child_->send(SIGKILL);
  expect_nobody_with_the_lock();
  EXPECT_TRUE(eventually([this] { return !is_alive(keeper_); }));
}

TEST_F(Keeper, ThatIsKilledTakesEverythingAlong) {
  start_under_lease("3s");
  kill(keeper_, SIGKILL);
  EXPECT_EQ(child_->wait().status, 76);
  EXPECT_TRUE(command_is_gone());
  expect_nobody_with_the_lock();
}

TEST_F(Keeper, ThatIsStoppedIsStoodInForByTheFront) {
  start_under_lease("3s");
  kill(keeper_, SIGSTOP);
  expect_nobody_with_the_lock();
  kill(keeper_, SIGCONT);
  EXPECT_EQ(child_->wait().status, 76);
}

TEST_F(Keeper, GoesOnWhileTheFrontIsStopped) {
  start_under_lease("6s");
  child_->send(SIGSTOP);
  EXPECT_EQ(run({"run", "--timeout", "7s", lockfile(), "true"}).status, 75) << "the lease is over, and still held";
  EXPECT_FALSE(command_is_gone());
  child_->send(SIGCONT);
  child_->send(SIGTERM);
  const Result result = child_->wait();
  EXPECT_EQ(result.status, 128 + SIGTERM) << result.err;
}

TEST_F(Keeper, ThatWaitsForTheLockEndsWithTheFront) {
  const Lock holder = held(lockfile());
  const auto waiter = start({"run", "--trace", lockfile(), "--", "/bin/echo", "ran"});
  ASSERT_TRUE(waiter->says("wait until"));
  const pid_t keeper = descendant_named(waiter->pid(), "leaselock-keep");
  ASSERT_NE(keeper, 0);
  waiter->send(SIGKILL);
  EXPECT_TRUE(eventually([keeper] { return !is_alive(keeper); }));
  EXPECT_EQ(waiter->out(), "");
}

TEST_F(Keeper, KeepsTheLockOfAJobThatCtrlZHasStopped) {
  start_as_job();
  child_->type("\x1a");
  ASSERT_TRUE(child_->says("[stopped]")) << child_->out();
  EXPECT_EQ(state_of(front_), 'T');
  EXPECT_EQ(state_of(pid_in(scratch("command"))), 'T');
  EXPECT_EQ(run({"run", "--timeout", "7s", lockfile(), "true"}).status, 75) << "the lease is over, and still held";
  child_->type("fg\n");
  ASSERT_TRUE(eventually([this] { return state_of(front_) != 'T'; }));
  child_->type("typed\n");
  const Result result = child_->wait();
  EXPECT_EQ(result.status, 7) << result.out;
  EXPECT_TRUE(contains(result.out, "<typed>")) << result.out;
}

TEST_F(Keeper, StopsWaitingWhileItsJobIsStopped) {
  Lock holder = held(lockfile());
  Settings how = settings();
  how.on_terminal = true;
  how.before_exec = under_job_shell;
  child_ = start({"run", "--trace", lockfile(), "--", "/bin/echo", "ran"}, how);
  ASSERT_TRUE(child_->says("wait until")) << child_->out();
  keeper_ = descendant_named(child_->pid(), "leaselock-keep");
  child_->type("\x1a");
  ASSERT_TRUE(child_->says("[stopped]")) << child_->out();
  EXPECT_TRUE(eventually([this] { return state_of(keeper_) == 'T'; }));
  holder.unlock();
  EXPECT_EQ(run({"run", lockfile(), "true"}).status, 0) << "who is stopped is in nobody's way";
  child_->type("fg\n");
  const Result result = child_->wait();
  EXPECT_EQ(result.status, 0) << result.out;
  EXPECT_TRUE(contains(result.out, "\nran\r\n")) << result.out;
}

TEST_F(Keeper, IsInterruptedByCtrlCAsTheCommandIs) {
  start_as_job();
  child_->type("\x03");
  EXPECT_EQ(child_->wait().status, 128 + SIGINT);
}

}  // namespace
}  // namespace leaselock::cli_test
