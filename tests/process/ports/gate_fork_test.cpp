// Goal: the gate belongs to the process that entered it, whatever its children do with the descriptors that they
// inherit (protocol.md section 7.3). Method: fork and exec in every state.
#include <signal.h>
#include <sys/prctl.h>

#include "line.hpp"
#include "support/child.hpp"

namespace leaselock::posix {
namespace {

using namespace std::chrono_literals;
using testing::Channel;
using testing::Child;

class AGateAndAFork : public AGate {
 protected:
  AGateAndAFork() : steps(directory.path()), other(directory.path()) {}

  Steps steps;
  Steps other;
};

TEST_F(AGateAndAFork, opens_when_the_parent_leaves_though_a_child_has_the_file_open) {
  ASSERT_EQ(steps.enter(0s), 0);
  Child child = Child::running([&](Channel& channel) { channel.hear(1h); });
  EXPECT_EQ(other.enter(a_while), ETIMEDOUT);
  steps.leave();
  EXPECT_EQ(other.enter(long_enough), 0);
}

TEST_F(AGateAndAFork, opens_for_others_when_the_parent_gives_up_though_a_child_has_its_place_open) {
  ASSERT_EQ(other.enter(0s), 0);
  ASSERT_EQ(steps.enter(0s), ETIMEDOUT);
  EXPECT_TRUE(queue_becomes(1));
  Child child = Child::running([&](Channel& channel) { channel.hear(1h); });
  steps.leave();
  other.leave();
  EXPECT_EQ(other.enter(long_enough), 0);
}

TEST_F(AGateAndAFork, is_not_left_by_a_child) {
  ASSERT_EQ(steps.enter(0s), 0);
  Child leaving = Child::running([&](Channel&) { steps.leave(); });
  EXPECT_EQ(leaving.wait(), 0);
  EXPECT_EQ(other.enter(a_while), ETIMEDOUT);
  Child destroying = Child::running([&](Channel&) { steps.~Steps(); });
  EXPECT_EQ(destroying.wait(), 0);
  EXPECT_EQ(other.enter(a_while), ETIMEDOUT);
  EXPECT_EQ(steps.enter(0s), 0);
}

TEST_F(AGateAndAFork, keeps_the_parents_place_whatever_a_child_does_with_its_copy) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "the thread sanitizer ends a forked child that starts a thread when its parent had one";
#endif
  ASSERT_EQ(other.enter(0s), 0);
  ASSERT_EQ(steps.enter(0s), ETIMEDOUT);
  EXPECT_TRUE(queue_becomes(1));
  Child child = Child::running([&](Channel& channel) {
    steps.leave();
    channel.say(std::to_string(steps.enter(a_while)));
    steps.leave();
  });
  EXPECT_EQ(child.hear(), std::to_string(ETIMEDOUT));
  EXPECT_EQ(child.wait(), 0);
  EXPECT_TRUE(queue_becomes(1));
  other.leave();
  EXPECT_EQ(steps.enter(long_enough), 0);
}

TEST_F(AGateAndAFork, lets_a_child_stand_in_line_behind_its_parent) {
  ASSERT_EQ(steps.enter(0s), 0);
  Child child = Child::running([&](Channel& channel) {
    channel.say(std::to_string(steps.enter(a_while)));
    channel.say(std::to_string(steps.enter(long_enough)));
    channel.hear(1h);
  });
  EXPECT_EQ(child.hear(), std::to_string(ETIMEDOUT));
  steps.leave();
  EXPECT_EQ(child.hear(), "0");
  EXPECT_EQ(other.enter(a_while), ETIMEDOUT);
  child.kill();
  EXPECT_EQ(other.enter(long_enough), 0);
}

TEST_F(AGateAndAFork, holds_nobody_up_for_longer_than_he_wants_when_a_child_outlives_the_first_in_line) {
  Child parent = Child::running([&](Channel& channel) {
    if (steps.enter(0s) != 0) throw std::runtime_error("not let through");
    Child child = Child::running([](Channel& below) {
      ::prctl(PR_SET_PDEATHSIG, 0);
      ::alarm(60);
      below.say("outlives");
      ::pause();
    });
    child.hear();
    channel.say(std::to_string(child.pid()));
    channel.hear(1h);
  });
  const pid_t survivor = std::stoi(parent.hear().value());
  parent.kill();
  // The kernel cannot tell this from a parent that is still in the gate: it is for the protocol not to wait for ever.
  EXPECT_EQ(other.enter(a_while), ETIMEDOUT);
  ::kill(survivor, SIGKILL);
  EXPECT_EQ(other.enter(long_enough), 0);
}

TEST_F(AGateAndAFork, opens_when_the_first_in_line_becomes_another_program) {
  Child child = Child::running([&](Channel& channel) {
    if (steps.enter(0s) != 0) throw std::runtime_error("not let through");
    channel.say("in it");
    channel.hear();
    ::execl("/bin/sleep", "sleep", "60", nullptr);
  });
  EXPECT_EQ(child.hear(), "in it");
  EXPECT_EQ(other.enter(0s), ETIMEDOUT);
  child.say("go on");
  EXPECT_EQ(other.enter(long_enough), 0);
  EXPECT_EQ(::kill(child.pid(), 0), 0);
}

}  // namespace
}  // namespace leaselock::posix
