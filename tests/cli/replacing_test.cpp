#include <fstream>
#include <string>

#include "support/example_test.hpp"

// Goal: what docs/examples/replacing.md puts in place of other locks does what it says. Method: the examples are run as
// they are, several at once where that matters, with stand-ins for Slurm and for the program with a licence.
namespace leaselock::cli_test {
namespace {

class Replacing : public ExampleTest {
 protected:
  void write(const std::string& name, const std::string& text) const {
    std::ofstream((directory() / name).string()) << text;
  }
  std::string text(const std::string& name) const { return contents((directory() / name).string()); }
};

TEST_F(Replacing, JsonUpdatesFromManyProcessesAreAllThere) {
  const Result result = shell(
      "for i in 1 2 3 4 5 6 7 8; do\n"
      "  leaselock run data.lck -- $EXAMPLES/json_add.py data.json visits &\n"
      "done\n"
      "wait\n");
  EXPECT_EQ(text("data.json"), "{\"visits\": 8}") << result.err;
}

TEST_F(Replacing, PythonProcessesWithFluflLockTakeTurnsWithTheCommand) {
  if (shell("/usr/bin/python3 -c 'import flufl.lock'").status != 0) GTEST_SKIP() << "there is no flufl.lock";
  write("data.json", "{\"visits\": 40}");
  const Result result = shell(
      "for i in 1 2; do\n"
      "  leaselock run data.lck -- $EXAMPLES/json_add.py data.json visits &\n"
      "  /usr/bin/python3 $EXAMPLES/json_add_flufl.py data.lck data.json visits &\n"
      "done\n"
      "wait\n");
  EXPECT_EQ(text("data.json"), "{\"visits\": 44}") << result.err;
}

TEST_F(Replacing, StateKeepsTheTokenOfItsWriter) {
  const Result result = shell(
      "leaselock run state.lck -- sh -c 'echo $LEASELOCK_TOKEN; echo \"{}\" | "
      "$EXAMPLES/state_put.py network.state'\n");
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(text("network.state") + '\n', "{\"fencing_token\": " + result.out.substr(0, result.out.find('\n')) + "}\n");
}

TEST_F(Replacing, StateRefusesAWriterWhoHasLostTheLock) {
  const std::string put = "$EXAMPLES/state_put.py network.state";
  EXPECT_EQ(shell("echo '{\"hosts\": 3}' | LEASELOCK_TOKEN=20 " + put).status, 0);
  const Result late = shell("echo '{\"hosts\": 2}' | LEASELOCK_TOKEN=19 " + put);
  EXPECT_EQ(late.status, 1);
  EXPECT_EQ(late.err, "state_put: refused: network.state was written with token 20, this is 19\n");
  EXPECT_EQ(text("network.state"), "{\"hosts\": 3, \"fencing_token\": 20}");
  EXPECT_EQ(names(), std::vector<std::string>{"network.state"}) << "nothing is left of the attempt";
  EXPECT_EQ(shell("echo '{\"hosts\": 4}' | LEASELOCK_TOKEN=20 " + put).status, 0) << "its own writer may go on";
}

class Licence : public Replacing {
 protected:
  Licence() {
    stand_in("srun", "exec \"$@\"");
    stand_in("scontrol", "echo \"$@\"");
    stand_in("solve", "mkdir busy || echo two at once; sleep 0.1; rmdir busy; echo \"solved $1\"");
  }
  /// The shell text that starts a task of the array.
  std::string task(int number, const std::string& timeout) const {
    std::string text = text_of("licence.sbatch", "/mnt/shared/solver.licence", "solver.licence");
    text.replace(text.find("5m"), 2, timeout);
    return "SLURM_ARRAY_TASK_ID=" + std::to_string(number) + "\n(" + text + ")";
  }
};

TEST_F(Licence, TasksOfAnArrayUseTheProgramOneAtATime) {
  const Result result = shell(task(1, "1m") + " &\n" + task(2, "1m") + " &\n" + task(3, "1m") + " &\nwait\n");
  EXPECT_EQ(lines(result.out), 3U) << result.out << result.err;
  EXPECT_FALSE(contains(result.out, "two at once"));
  for (const char* const solved : {"solved case-1\n", "solved case-2\n", "solved case-3\n"}) {
    EXPECT_TRUE(contains(result.out, solved)) << result.out << result.err;
  }
}

TEST_F(Licence, ATaskThatHasWaitedTooLongIsQueuedAgain) {
  const Result result = shell("leaselock run --slots 1 solver.licence -- sh -c '" + task(1, "0s") + "'\n");
  EXPECT_EQ(result.out, "requeue 17\n") << result.err;
}

}  // namespace
}  // namespace leaselock::cli_test
