// Goal: signals that arrive at any moment disturb neither locking nor waiting. Method: an interval timer whose handler
// does nothing but interrupt system calls.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/time.h>

#include <atomic>

#include "leaselock/leaselock.hpp"
#include "support/child.hpp"
#include "support/modes.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using testing::Channel;
using testing::Child;
using testing::TemporaryDirectory;

std::atomic<int> interruptions{0};
static_assert(std::atomic<int>::is_always_lock_free);

void interrupt_every_half_millisecond() {
  struct sigaction action {};
  action.sa_handler = [](int) { ++interruptions; };  // without SA_RESTART: calls return EINTR
  ::sigaction(SIGALRM, &action, nullptr);
  const itimerval often{{0, 500}, {0, 500}};
  ::setitimer(ITIMER_REAL, &often, nullptr);
}

class AnInterruptedProcess : public ::testing::TestWithParam<Mode> {};

TEST_P(AnInterruptedProcess, locks_waits_and_unlocks_as_any_other) {
  const TemporaryDirectory directory;
  LockOptions options;
  options.mode = GetParam();
  Lock held(directory / "lock", options);
  held.lock();
  Child interrupted = Child::running([&](Channel& channel) {
    interrupt_every_half_millisecond();
    Lock lock(directory / "lock", options);
    const auto start = LeaseClock::now();
    const bool early = lock.try_lock_for(200ms) || LeaseClock::now() < start + 200ms;
    channel.say(early ? "did not wait" : "waited");
    lock.lock();
    for (int i = 0; i < 300; ++i) {
      lock.refresh();
      lock.unlock();
      lock.lock();
    }
    channel.say(interruptions > 100 ? "interrupted" : "hardly interrupted");
  });
  EXPECT_EQ(interrupted.hear(), "waited");
  held.unlock();
  EXPECT_EQ(interrupted.hear(), "interrupted");
  EXPECT_EQ(interrupted.wait(), 0);
}

INSTANTIATE_TEST_SUITE_P(in, AnInterruptedProcess, testing::both_modes, testing::name_of_mode);

}  // namespace
}  // namespace leaselock
