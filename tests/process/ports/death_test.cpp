// Goal: a process counts as gone as soon as it certainly is, and whoever waits for that is woken; whatever is not
// certain counts as alive (protocol.md section 8). Method: real processes, killed in every way, and forged facts about
// them.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <fstream>
#include <string>
#include <thread>

#include "posix/posix_host.hpp"
#include "posix/process_facts.hpp"
#include "steps.hpp"
#include "support/child.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock::posix {
namespace {

using namespace std::chrono_literals;
using testing::Channel;
using testing::Child;

class ADeath : public ::testing::Test {
 protected:
  ADeath() : steps(directory.path()) {}

  step::ProcessId facts_of(const Child& other) const {
    const auto start = start_time(other.pid());
    EXPECT_TRUE(start);
    return {PosixHost().identity().boot, start.value_or(0), other.pid()};
  }
  static bool is_gone(const step::ProcessId& process) {
    return PosixHost().provably_gone(process.boot, process.start, process.pid);
  }

  testing::TemporaryDirectory directory;
  Steps steps;
  Child child = Child::running([](Channel& channel) { channel.hear(1h); });
};

TEST_F(ADeath, by_kill_ends_the_wait_before_anybody_has_fetched_the_dead) {
  const auto process = facts_of(child);
  EXPECT_FALSE(steps.hears_of_the_end(process, a_while));
  std::thread killer([&] {
    ::usleep(10'000);
    ::kill(child.pid(), SIGKILL);
  });
  EXPECT_TRUE(steps.hears_of_the_end(process));
  killer.join();
  EXPECT_TRUE(is_gone(process)) << "who was woken finds it so";
}

TEST_F(ADeath, that_has_been_ends_the_wait_at_once) {
  const auto process = facts_of(child);
  ::kill(child.pid(), SIGKILL);
  EXPECT_TRUE(steps.hears_of_the_end(process));
  child.kill();
  EXPECT_TRUE(steps.hears_of_the_end(process));
  EXPECT_TRUE(is_gone(process));
}

TEST_F(ADeath, is_seen_when_the_id_belongs_to_another_process) {
  auto process = facts_of(child);
  ++process.start;
  EXPECT_TRUE(is_gone(process));
  EXPECT_TRUE(steps.hears_of_the_end(process));
}

TEST_F(ADeath, in_another_boot_is_not_heard_of) {
  auto process = facts_of(child);
  child.kill();
  process.boot = "0123456789abcdef";
  EXPECT_FALSE(is_gone(process));
  EXPECT_FALSE(steps.hears_of_the_end(process, a_while));
}

TEST_F(ADeath, of_nobody_is_not_heard_of) {
  auto process = facts_of(child);
  for (const std::int64_t pid : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 40}) {
    process.pid = pid;
    EXPECT_FALSE(steps.hears_of_the_end(process, a_while)) << pid;
  }
}

TEST_F(ADeath, that_cannot_be_proven_does_not_end_the_wait_though_the_kernel_tells_of_it) {
  auto process = facts_of(child);
  process.start = 0;
  ::kill(child.pid(), SIGKILL);
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child.pid()), &info, WEXITED | WNOWAIT), 0);
  EXPECT_FALSE(steps.hears_of_the_end(process, a_while));
  EXPECT_FALSE(is_gone(process));
}

TEST_F(ADeath, of_the_first_thread_is_not_one_of_the_process) {
  Child threaded = Child::running([](Channel& channel) {
    std::thread([&] {
      channel.say("runs");
      channel.hear(1h);
      ::_exit(0);
    }).detach();
    ::syscall(SYS_exit, 0);
  });
  EXPECT_EQ(threaded.hear(), "runs");
  const auto process = facts_of(threaded);
  const std::string stat = "/proc/" + std::to_string(threaded.pid()) + "/stat";
  ASSERT_TRUE(comes_true([&] {
    std::string line;
    std::getline(std::ifstream(stat), line);
    return line.find(") Z ") != std::string::npos;
  }));
  EXPECT_FALSE(is_gone(process));
  EXPECT_FALSE(steps.hears_of_the_end(process, a_while));
  threaded.say("end");
  EXPECT_TRUE(steps.hears_of_the_end(process));
  EXPECT_TRUE(is_gone(process));
}

TEST_F(ADeath, of_a_stopped_process_is_not_assumed) {
  const auto process = facts_of(child);
  child.stop();
  EXPECT_FALSE(is_gone(process));
  EXPECT_FALSE(steps.hears_of_the_end(process, a_while));
  child.kill();
  EXPECT_TRUE(is_gone(process));
}

TEST_F(ADeath, and_a_change_are_waited_for_together) {
  const auto process = facts_of(child);
  ASSERT_EQ(steps.watch(), 0);
  const auto both = [&](Duration patience) {
    return steps.wakes({.until = LeaseClock::now() + patience, .watching = true, .process = process});
  };
  EXPECT_FALSE(both(a_while));
  boost::filesystem::create_directory(directory / "new");
  EXPECT_TRUE(both(long_enough));
  EXPECT_FALSE(both(a_while));
  child.kill();
  EXPECT_TRUE(both(long_enough));
}

}  // namespace
}  // namespace leaselock::posix
