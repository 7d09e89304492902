// Goal: the ports to this machine tell the truth, and take a process for dead only when it certainly is
// (protocol.md section 8). Method: real processes, and text as /proc might show it.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "posix/fork_generation.hpp"
#include "posix/posix_clock.hpp"
#include "posix/posix_entropy.hpp"
#include "posix/posix_host.hpp"
#include "posix/process_facts.hpp"
#include "support/child.hpp"

namespace leaselock::posix {
namespace {

using namespace std::chrono_literals;
using leaselock::ports::ProcessState;
using leaselock::testing::Channel;
using leaselock::testing::Child;

class AProcess : public ::testing::Test {
 protected:
  static Child waiting() {
    return Child::running([](Channel& channel) {
      const auto me = PosixHost().identity();
      channel.say(std::to_string(me.start));
      channel.say(me.boot);
      channel.hear(1h);
    });
  }

  PosixHost host;
};

TEST_F(AProcess, knows_who_it_is) {
  const auto me = host.identity();
  EXPECT_EQ(me.pid, ::getpid());
  EXPECT_EQ(me.boot.size(), 16U);
  EXPECT_GT(me.start, 0U);
  EXPECT_FALSE(me.host.empty());
  EXPECT_TRUE(me.random.empty());
  EXPECT_EQ(host.effective_user(), ::geteuid());
  EXPECT_EQ(host.identity(), me);
}

TEST_F(AProcess, that_runs_is_known_to_run) {
  Child child = waiting();
  const auto start = std::stoull(child.hear().value());
  EXPECT_EQ(child.hear(), host.identity().boot) << "two processes of one boot share the field";
  EXPECT_EQ(host.state_of(host.identity().boot, start, child.pid()), ProcessState::runs);
  const auto me = host.identity();
  EXPECT_EQ(host.state_of(me.boot, me.start, me.pid), ProcessState::runs);
}

TEST_F(AProcess, that_was_killed_and_reaped_is_gone) {
  Child child = waiting();
  const auto start = std::stoull(child.hear().value());
  const pid_t pid = child.pid();
  child.kill();
  EXPECT_TRUE(host.provably_gone(host.identity().boot, start, pid));
}

TEST_F(AProcess, that_is_only_not_reaped_yet_is_gone) {
  Child child = waiting();
  const auto start = std::stoull(child.hear().value());
  ::kill(child.pid(), SIGKILL);
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child.pid()), &info, WEXITED | WNOWAIT), 0);
  EXPECT_TRUE(host.provably_gone(host.identity().boot, start, child.pid()));
  EXPECT_FALSE(host.provably_gone(host.identity().boot, 0, child.pid())) << "its start is not known";
}

TEST_F(AProcess, whose_id_was_given_to_another_is_gone) {
  Child child = waiting();
  const auto start = std::stoull(child.hear().value());
  EXPECT_TRUE(host.provably_gone(host.identity().boot, start + 1, child.pid()));
}

TEST_F(AProcess, whose_start_is_not_known_is_not_judged_by_it) {
  EXPECT_EQ(host.state_of(host.identity().boot, 0, ::getpid()), ProcessState::unknown);
}

TEST_F(AProcess, of_another_boot_or_name_space_is_not_known) {
  EXPECT_EQ(host.state_of("0123456789abcdef", 1, 1'999'999'999), ProcessState::unknown);
  EXPECT_EQ(host.state_of("", 1, 1'999'999'999), ProcessState::unknown);
  const auto me = host.identity();
  EXPECT_EQ(host.state_of("0123456789abcdef", me.start, me.pid), ProcessState::unknown);
}

TEST_F(AProcess, of_another_user_is_alive_though_it_may_not_be_signalled) {
  const auto start = start_time(1);
  if (!start) GTEST_SKIP() << "/proc does not show process 1";
  EXPECT_FALSE(host.provably_gone(host.identity().boot, *start, 1));
}

TEST_F(AProcess, with_an_impossible_id_is_never_gone) {
  constexpr std::int64_t nobodys = 1'999'999'999;
  for (const std::int64_t pid : {std::int64_t{0}, std::int64_t{-1}, -nobodys, (std::int64_t{1} << 32) + nobodys}) {
    EXPECT_FALSE(host.provably_gone(host.identity().boot, 1, pid)) << pid;
  }
}

TEST(TheStatOfAProcess, has_its_fields_counted_from_the_last_parenthesis) {
  const std::string tail = " S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20 21";
  for (const std::string name : {"cat", "a) S 1 (b c", "new\nline)"}) {
    const auto stat = parse_stat("17 (" + name + ")" + tail);
    ASSERT_TRUE(stat) << name;
    EXPECT_EQ(stat->start, 4711U);
    EXPECT_EQ(stat->threads, 17);
    EXPECT_EQ(stat->state, 'S');
  }
}

TEST(TheStatOfAProcess, of_nonsense_is_unknown) {
  EXPECT_FALSE(parse_stat(""));
  EXPECT_FALSE(parse_stat("17 (cat"));
  EXPECT_FALSE(parse_stat("17 (cat) S 1 2 3"));
  EXPECT_FALSE(parse_stat("17 (cat) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 47x11 20"));
  EXPECT_FALSE(parse_stat("17 (cat) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 x 18 4711 20"));
}

TEST(TheStatOfAProcess, shows_remains_only_when_no_thread_is_left) {
  EXPECT_TRUE((ProcessStat{'Z', 1, 1}.is_remains()));
  EXPECT_TRUE((ProcessStat{'X', 0, 1}.is_remains()));
  EXPECT_FALSE((ProcessStat{'Z', 2, 1}.is_remains()));
  EXPECT_FALSE((ProcessStat{'S', 1, 1}.is_remains()));
  EXPECT_FALSE((ProcessStat{'D', 1, 1}.is_remains()));
}

TEST(TheLeaseClock, never_steps_back_and_never_wakes_up_early) {
  PosixClock clock;
  const LeaseTime before = clock.now();
  clock.wait_until(before + 30ms);
  EXPECT_GE(clock.now(), before + 30ms);
  clock.wait_until(before);
}

TEST(RandomBits, are_not_repeated_by_a_forked_child) {
  PosixEntropy entropy;
  const auto first = entropy.draw();
  Child child = Child::running([&](Channel& channel) { channel.say(std::to_string(entropy.draw()[0])); });
  const auto second = entropy.draw();
  EXPECT_NE(first, second);
  EXPECT_NE(child.hear(), std::to_string(second[0]));
}

TEST(TheForkGeneration, grows_in_the_child_and_stays_in_the_parent) {
  const auto before = fork_generation();
  Child child = Child::running([](Channel& channel) {
    channel.say(std::to_string(fork_generation()));
    Child grandchild = Child::running([](Channel& deeper) { deeper.say(std::to_string(fork_generation())); });
    channel.say(grandchild.hear().value());
  });
  EXPECT_EQ(child.hear(), std::to_string(before + 1));
  EXPECT_EQ(child.hear(), std::to_string(before + 2));
  EXPECT_EQ(fork_generation(), before);
}

}  // namespace
}  // namespace leaselock::posix
