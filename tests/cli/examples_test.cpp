#include "support/example_test.hpp"

// Goal: the examples for cron, systemd and Slurm in docs/examples do what they say. Method: their lines are run as
// these programs run them, with a lock in a fresh directory, and stand-ins for what Slurm brings and for the work.
namespace leaselock::cli_test {
namespace {

class Examples : public ExampleTest {
 protected:
  Examples() {
    stand_in("make-report", "echo made; test \"$1\" != --daemon");
    stand_in("srun", "exec \"$@\"");
    stand_in("scontrol", "echo \"$@\"");
  }
  std::string report(const std::string& example) const {
    return text_of(example, "/mnt/shared/report.lck", lockfile());
  }
};

TEST_F(Examples, CronLineMakesTheReportOrIsSilent) {
  const std::string text = report("report.cron");
  const std::string line = text.substr(text.find("leaselock run"));
  const Result result = shell(line);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.out, "made\n");
  const Lock holder = held(lockfile());
  const Result late = shell(line);
  EXPECT_EQ(late.status, 75);
  EXPECT_EQ(late.out + late.err, "") << "cron would send mail";
}

TEST_F(Examples, SystemdUnitIsValidAndItsCommandRuns) {
  const std::string text = report("report.service");
  const auto begin = text.find("ExecStart=") + std::string("ExecStart=").size();
  const Result result = shell(text.substr(begin, text.find('\n', begin) - begin));
  EXPECT_EQ(result.status, 1) << "that of the command: " << result.err;
  EXPECT_EQ(result.out, "made\n");
  if (shell("command -v systemd-analyze").status != 0) GTEST_SKIP() << "there is no systemd-analyze";
  const Result verified = shell("systemd-analyze verify " LEASELOCK_EXAMPLES "/report.service");
  EXPECT_EQ(verified.status, 0) << verified.err;
  EXPECT_FALSE(contains(verified.err, "report.service")) << verified.err;
}

TEST_F(Examples, SlurmJobMakesTheReportOrIsQueuedAgain) {
  std::string text = report("report.sbatch");
  text.replace(text.find("5m"), 2, "0s");
  EXPECT_EQ(shell(text).out, "made\n");
  const Lock holder = held(lockfile());
  EXPECT_EQ(shell(text).out, "requeue 17\n");
}

}  // namespace
}  // namespace leaselock::cli_test
