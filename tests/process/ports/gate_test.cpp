// Goal: the line at the gate (protocol.md section 7.3) is one of the kernel's: one is first, the others follow in order
// of arrival, and whoever gives up, pauses or dies holds up nobody. Method: threads and processes; the kernel's own
// list of lock requests says who waits.
#include <signal.h>

#include <boost/filesystem/fstream.hpp>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "line.hpp"
#include "support/child.hpp"

namespace leaselock::posix {
namespace {

using namespace std::chrono_literals;
using testing::Channel;
using testing::Child;

constexpr std::size_t many = 10;

TEST_F(AGate, lets_one_through_of_two_that_opened_it) {
  Steps one(directory.path());
  Steps other(directory.path());
  EXPECT_EQ(one.enter(long_enough), 0);
  EXPECT_EQ(one.enter(0s), 0) << "who is in it is still in it";
  EXPECT_EQ(other.enter(a_while), ETIMEDOUT);
  one.leave();
  EXPECT_EQ(other.enter(long_enough), 0);
  EXPECT_EQ(one.enter(0s), ETIMEDOUT);
}

TEST_F(AGate, lets_one_through_of_two_processes) {
  Child child = Child::running([&](Channel& channel) {
    Steps steps(directory.path());
    channel.say(std::to_string(steps.enter(long_enough)));
    channel.hear();
    steps.leave();
    channel.say("left");
    channel.hear();
  });
  EXPECT_EQ(child.hear(), "0");
  Steps steps(directory.path());
  EXPECT_EQ(steps.enter(a_while), ETIMEDOUT);
  EXPECT_EQ(child.ask("leave"), "left");
  EXPECT_EQ(steps.enter(long_enough), 0);
}

TEST_F(AGate, is_passed_by_threads_in_order_of_arrival) {
  Steps first(directory.path());
  ASSERT_EQ(first.enter(0s), 0);
  std::mutex mutex;
  std::vector<std::size_t> order;
  std::vector<std::thread> waiters;
  for (std::size_t number = 0; number < many; ++number) {
    waiters.emplace_back([&, number] {
      Steps steps(directory.path());
      EXPECT_EQ(steps.enter(long_enough), 0);
      const std::lock_guard guard(mutex);
      order.push_back(number);
    });
    EXPECT_TRUE(queue_becomes(number + 1));
  }
  first.leave();
  for (std::thread& waiter : waiters) waiter.join();
  for (std::size_t number = 0; number < many; ++number) EXPECT_EQ(order.at(number), number);
}

TEST_F(AGate, is_passed_by_processes_in_order_of_arrival) {
  Steps first(directory.path());
  ASSERT_EQ(first.enter(0s), 0);
  const auto log = directory / "log";
  std::vector<Child> waiters;
  for (std::size_t number = 0; number < many; ++number) {
    waiters.push_back(Child::running([&](Channel&) {
      Steps steps(directory.path());
      if (steps.enter(long_enough) != 0) throw std::runtime_error("not let through");
      boost::filesystem::ofstream(log, std::ios::app) << number << '\n';
    }));
    EXPECT_TRUE(queue_becomes(number + 1));
  }
  first.leave();
  for (Child& waiter : waiters) EXPECT_EQ(waiter.wait(), 0);
  boost::filesystem::ifstream lines(log);
  for (std::size_t number = 0; number < many; ++number) {
    std::size_t next = many;
    EXPECT_TRUE(lines >> next);
    EXPECT_EQ(next, number);
  }
}

TEST_F(AGate, keeps_the_place_of_who_stopped_waiting_for_now) {
  Steps first(directory.path());
  Steps second(directory.path());
  Steps third(directory.path());
  ASSERT_EQ(first.enter(0s), 0);
  EXPECT_EQ(second.enter(0s), ETIMEDOUT);
  EXPECT_TRUE(queue_becomes(1));
  EXPECT_EQ(third.enter(0s), ETIMEDOUT);
  EXPECT_TRUE(queue_becomes(2));
  EXPECT_EQ(second.enter(0s), ETIMEDOUT);
  EXPECT_TRUE(queue_becomes(2)) << "the same place, not one more";
  first.leave();
  EXPECT_EQ(third.enter(a_while), ETIMEDOUT);
  EXPECT_EQ(second.enter(long_enough), 0);
  second.leave();
  EXPECT_EQ(third.enter(long_enough), 0);
}

TEST_F(AGate, forgets_at_once_who_gives_up) {
  const auto threads_before = threads();
  const auto descriptors_before = open_descriptors();
  {
    Steps first(directory.path());
    auto second = std::make_unique<Steps>(directory.path());
    Steps third(directory.path());
    Steps fourth(directory.path());
    ASSERT_EQ(first.enter(0s), 0);
    for (Steps* next : {second.get(), &third, &fourth}) {
      const std::size_t before = queued();
      EXPECT_EQ(next->enter(0s), ETIMEDOUT);
      EXPECT_TRUE(queue_becomes(before + 1));
    }
    second.reset();
    EXPECT_TRUE(queue_becomes(2));
    third.leave();
    EXPECT_TRUE(queue_becomes(1));
    first.leave();
    EXPECT_EQ(fourth.enter(long_enough), 0);
  }
  EXPECT_EQ(threads(), threads_before);
  EXPECT_EQ(open_descriptors(), descriptors_before);
}

TEST_F(AGate, is_not_worn_out_by_those_who_give_up) {
  Steps first(directory.path());
  Steps second(directory.path());
  ASSERT_EQ(first.enter(0s), 0);
  const auto before = open_descriptors();
  for (int time = 0; time < 500; ++time) {
    ASSERT_EQ(second.enter(0s), ETIMEDOUT);
    second.leave();
  }
  EXPECT_TRUE(queue_becomes(0));
  EXPECT_EQ(open_descriptors(), before);
  first.leave();
  EXPECT_EQ(second.enter(long_enough), 0);
}

TEST_F(AGate, opens_when_the_first_in_line_is_killed) {
  Child child = Child::running([&](Channel& channel) {
    Steps steps(directory.path());
    channel.say(std::to_string(steps.enter(long_enough)));
    channel.hear(1h);
  });
  EXPECT_EQ(child.hear(), "0");
  Steps steps(directory.path());
  EXPECT_EQ(steps.enter(0s), ETIMEDOUT);
  child.kill();
  EXPECT_EQ(steps.enter(long_enough), 0);
}

TEST_F(AGate, does_not_wait_for_a_paused_waiter) {
  Steps first(directory.path());
  ASSERT_EQ(first.enter(0s), 0);
  Child paused = Child::running([&](Channel& channel) {
    Steps steps(directory.path());
    channel.say(std::to_string(steps.enter(long_enough)));
  });
  EXPECT_TRUE(queue_becomes(1));
  Steps third(directory.path());
  EXPECT_EQ(third.enter(0s), ETIMEDOUT);
  EXPECT_TRUE(queue_becomes(2));
  paused.stop();
  EXPECT_TRUE(queue_becomes(1));
  first.leave();
  EXPECT_EQ(third.enter(long_enough), 0);
  paused.go_on();
  EXPECT_TRUE(queue_becomes(1)) << "it stands in line again";
  third.leave();
  EXPECT_EQ(paused.hear(), "0");
}

TEST_F(AGate, does_not_run_the_programs_signal_handlers_on_its_threads) {
  Steps first(directory.path());
  Steps second(directory.path());
  ASSERT_EQ(first.enter(0s), 0);
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGUSR1);
  Child child = Child::running([&](Channel& channel) {
    ::signal(SIGUSR1, [](int) { ::_exit(1); });
    Steps steps(directory.path());
    channel.say(std::to_string(steps.enter(0s)));
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    // The only thread that could take it now is the one that waits at the gate.
    ::kill(::getpid(), SIGUSR1);
    channel.say(std::to_string(steps.enter(a_while)));
    sigset_t pending;
    ::sigpending(&pending);
    channel.say(::sigismember(&pending, SIGUSR1) == 1 ? "pending" : "gone");
  });
  EXPECT_EQ(child.hear(), std::to_string(ETIMEDOUT));
  EXPECT_EQ(child.hear(), std::to_string(ETIMEDOUT));
  EXPECT_EQ(child.hear(), "pending");
}

}  // namespace
}  // namespace leaselock::posix
