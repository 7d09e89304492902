#include <signal.h>
#include <unistd.h>

#include "support/cli_test.hpp"
#include "support/processes.hpp"

// Goal: `run` works under programs that start and stop others: cron, systemd, Slurm. Method: their environment and
// their signals, which some of them send to every process of a job. The real ones are tried by hand
// (docs/command_line.md).
namespace leaselock::cli_test {
namespace {

class Managed : public CliTest {
 protected:
  void start_step(const std::string& script) {
    child_ = start({"run", "--lifetime", "3s", lockfile(), "--", "/bin/sh", "-c",
                    "echo $$ > " + scratch("command") + "; " + script});
    ASSERT_TRUE(eventually([this] { return pid_in(scratch("command")) != 0; }));
    keeper_ = descendant_named(child_->pid(), "leaselock-keep");
  }
  /// As slurmstepd does, and systemd with KillMode=control-group.
  void send_to_every_process(int signal_number) {
    for (const pid_t pid : {child_->pid(), keeper_, pid_in(scratch("command"))}) kill(pid, signal_number);
  }

  std::unique_ptr<Child> child_;
  pid_t keeper_ = 0;
};

TEST_F(Managed, ByCronItNeedsNoTerminalAndLittleEnvironment) {
  Settings how = settings();
  how.before_exec = [] {
    return clearenv() == 0 && setenv("HOME", "/", 1) == 0 && setenv("LOGNAME", "root", 1) == 0 &&
           setenv("PATH", "/usr/bin:/bin", 1) == 0 && setenv("SHELL", "/bin/sh", 1) == 0 && chdir("/") == 0;
  };
  const Result result = run({"run", "--quiet", "--no-wait", lockfile(), "--", "sh", "-c", "echo done"}, how);
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.out, "done\n");
  EXPECT_EQ(result.err, "") << "cron would send mail";
}

TEST_F(Managed, BySystemdAsTheMainProcessItPassesTheRequestToEndOn) {
  start_step("trap 'echo told; exit 0' TERM; while :; do sleep 0.05; done");
  child_->send(SIGTERM);  // KillMode=mixed
  const Result result = child_->wait();
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.out, "told\n");
}

TEST_F(Managed, WhereEveryProcessIsAskedToEndItWaitsForTheCommandAndReleases) {
  start_step("trap 'sleep 0.5; echo ended; exit 9' TERM; while :; do sleep 0.05; done");
  send_to_every_process(SIGCONT);
  send_to_every_process(SIGTERM);
  const Result result = child_->wait();
  EXPECT_EQ(result.status, 9);
  EXPECT_TRUE(contains(result.out, "ended")) << result.out;
  EXPECT_EQ(run({"run", "--no-wait", lockfile(), "true"}).status, 0);
}

TEST_F(Managed, WhereEveryProcessIsSuspendedForTooLongTheCommandIsKilledOnResume) {
  start_step("trap '' TERM; while :; do sleep 0.05; done");
  send_to_every_process(SIGTSTP);
  send_to_every_process(SIGSTOP);
  { const Lock next = held(lockfile()); }  // waits until the lease has run out
  send_to_every_process(SIGCONT);
  EXPECT_EQ(child_->wait().status, 76);
  EXPECT_FALSE(is_alive(pid_in(scratch("command"))));
}

TEST_F(Managed, WhereEveryProcessIsSuspendedForAMomentTheCommandGoesOn) {
  // Without children: while one that it has forked is stopped before it becomes sleep(1), the shell cannot be.
  start_step("while ! test -e " + scratch("done") + "; do :; done; exit 4");
  send_to_every_process(SIGTSTP);
  send_to_every_process(SIGSTOP);
  ASSERT_TRUE(eventually([this] { return state_of(pid_in(scratch("command"))) == 'T'; }));
  send_to_every_process(SIGCONT);
  ASSERT_EQ(rename(scratch("command").c_str(), scratch("done").c_str()), 0);
  EXPECT_EQ(child_->wait().status, 4);
}

}  // namespace
}  // namespace leaselock::cli_test
