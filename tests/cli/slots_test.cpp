#include <signal.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "support/cli_test.hpp"
#include "support/processes.hpp"

// Goal: `run --slots N` lets N commands run at a time, and each knows its slot. Method: commands that wait for one
// another or for the test, and report what they find.
namespace leaselock::cli_test {
namespace {

class Slots : public CliTest {
 protected:
  Words with_slots(const Words& options, const std::string& script) const {
    Words words = {"run"};
    words.insert(words.end(), options.begin(), options.end());
    words.insert(words.end(), {lockfile(), "--", "/bin/sh", "-c", script});
    return words;
  }
  /// Runs until the test makes the file "end".
  std::unique_ptr<Child> start_holder(const Words& options) const {
    auto child = start(with_slots(options, "echo \"<$LEASELOCK_SLOT|$LEASELOCK_TOKEN>\"; while ! test -e " +
                                               scratch("end") + "; do sleep 0.02; done"));
    EXPECT_TRUE(child->says(">")) << child->err();
    return child;
  }
  void end_holders() const { std::ofstream(scratch("end")).flush(); }
};

std::string slot_in(const std::string& out) { return out.substr(1, out.find('|') - 1); }
std::string tokens_in(const std::string& out) {
  return out.substr(out.find('|') + 1, out.find('>') - out.find('|') - 1);
}

TEST_F(Slots, RunAsManyCommandsAtOnceAsThereAre) {
  const auto first = start_holder({"--slots", "2"});
  const auto second = start_holder({"--slots", "2"});
  EXPECT_NE(slot_in(first->out()), slot_in(second->out()));
  const Result third = run({"run", "--slots", "2", "--no-wait", lockfile(), "true"});
  EXPECT_EQ(third.status, 75) << third.err;
  end_holders();
  EXPECT_EQ(first->wait().status, 0);
  EXPECT_EQ(second->wait().status, 0);
  EXPECT_EQ(run({"run", "--slots", "2", "--no-wait", lockfile(), "true"}).status, 0);
}

TEST_F(Slots, AreNeverHeldByMoreThanThereAre) {
  const std::string log = scratch("log");
  std::vector<std::unique_ptr<Child>> runs;
  for (int i = 0; i < 6; ++i) {
    runs.push_back(start(with_slots({"--slots", "2"}, "echo begin >> " + log + "; sleep 0.2; echo end >> " + log)));
  }
  for (const auto& one : runs) EXPECT_EQ(one->wait().status, 0) << one->err();
  std::istringstream words(contents(log));
  int inside = 0, begun = 0;
  for (std::string word; words >> word;) {
    inside += word == "begin" ? 1 : -1;
    begun += word == "begin" ? 1 : 0;
    EXPECT_LE(inside, 2) << contents(log);
  }
  EXPECT_EQ(begun, 6);
  EXPECT_EQ(inside, 0);
}

TEST_F(Slots, AreToldToTheCommandWithTheirTokens) {
  const Result one = run(with_slots({"--slots", "3"}, "echo \"<$LEASELOCK_SLOT|$LEASELOCK_TOKEN>\""));
  EXPECT_LT(std::stoul(slot_in(one.out)), 3U) << one.out;
  EXPECT_GT(std::stoull(tokens_in(one.out)), 0U);
  const Result all = run(with_slots({"--slots", "3", "--take", "3"}, "echo \"<$LEASELOCK_SLOT|$LEASELOCK_TOKEN>\""));
  EXPECT_EQ(slot_in(all.out), "0 1 2") << all.err;
  EXPECT_EQ(std::count(all.out.begin(), all.out.end(), ' '), 4) << all.out;
}

TEST_F(Slots, AreToldOnlyToACommandThatHasOne) {
  Settings how = settings();
  how.environment = {{"LEASELOCK_SLOT", "17"}};
  EXPECT_EQ(run({"run", lockfile(), "--", "/bin/sh", "-c", "echo ${LEASELOCK_SLOT-absent}"}, how).out, "absent\n");
}

TEST_F(Slots, TakenTogetherAreAllOrNone) {
  const auto holder = start_holder({"--slots", "2"});
  EXPECT_EQ(run({"run", "--slots", "2", "--take", "2", "--no-wait", lockfile(), "true"}).status, 75);
  EXPECT_EQ(run({"run", "--slots", "2", "--no-wait", lockfile(), "true"}).status, 0) << "nothing of it stayed held";
  end_holders();
  EXPECT_EQ(run({"run", "--slots", "2", "--take", "2", lockfile(), "true"}).status, 0);
}

TEST_F(Slots, AreFreedByTheDeathOfTheirOwnHolderOnly) {
  const auto killed = start_holder({"--slots", "2", "--lifetime", "3s"});
  const auto living = start_holder({"--slots", "2", "--lifetime", "3s"});
  ASSERT_TRUE(send_to_keeper(killed->pid(), SIGKILL));
  EXPECT_EQ(killed->wait().status, 76);
  const auto next = start_holder({"--slots", "2", "--lifetime", "3s"});
  EXPECT_EQ(slot_in(next->out()), slot_in(killed->out()));
  EXPECT_GT(std::stoull(tokens_in(next->out())), std::stoull(tokens_in(killed->out())));
  EXPECT_FALSE(living->has_ended());
  EXPECT_EQ(run({"run", "--slots", "2", "--no-wait", lockfile(), "true"}).status, 75);
  end_holders();
  EXPECT_EQ(living->wait().status, 0);
  EXPECT_EQ(next->wait().status, 0);
}

TEST_F(Slots, OutliveALeaseThatIsShorterThanTheCommand) {
  const auto holder = start(with_slots({"--slots", "1", "--lifetime", "2s"}, "echo ready; sleep 5"));
  ASSERT_TRUE(holder->says("ready"));
  EXPECT_EQ(run({"run", "--slots", "1", "--timeout", "3s", lockfile(), "true"}).status, 75);
  EXPECT_EQ(holder->wait().status, 0) << holder->err();
}

TEST_F(Slots, OfAnotherNumberAreRefusedWithTheCommandThatHelps) {
  EXPECT_EQ(run({"run", "--slots", "2", lockfile(), "true"}).status, 0);
  const Result result = run({"run", "--slots", "4", lockfile(), "--", "/bin/echo", "ran"});
  EXPECT_EQ(result.status, 64);
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(contains(result.err, "2")) << result.err;
  EXPECT_TRUE(contains(result.err, "leaselock resize " + lockfile() + " 4")) << result.err;
  EXPECT_EQ(lines(result.err), 2U) << result.err;
}

TEST_F(Slots, ExcludeOtherKindsOfLocksOnTheirPath) {
  EXPECT_EQ(run({"run", "--slots", "2", lockfile(), "true"}).status, 0);
  for (const Words& words :
       {Words{"run", "--no-wait", lockfile(), "true"}, Words{"run", "--no-wait", "--shared", lockfile(), "true"},
        Words{"run", "--no-wait", "--exclusive", lockfile(), "true"}}) {
    const Result result = run(words);
    EXPECT_EQ(result.status, 64) << words[2];
    EXPECT_TRUE(contains(result.err, "--slots 2")) << result.err;
  }
}

TEST_F(Slots, LeaveNoFileAtTheLockItself) {
  run({"run", "--slots", "2", lockfile(), "true"});
  EXPECT_EQ(names(), std::vector<std::string>{"db.lck|fence"});
}

}  // namespace
}  // namespace leaselock::cli_test
