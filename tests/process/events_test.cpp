// Goal: what became of a lock is told by the process it happened to, and to nobody else. Method: children that are
// killed, or forked while the lock is held; threads that share counters.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "leaselock/leaselock.hpp"
#include "support/child.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using testing::Channel;
using testing::Child;
using testing::TemporaryDirectory;

TEST(AnEvent, tells_that_the_holder_whose_lock_was_broken_had_died) {
  const TemporaryDirectory directory;
  Child holder = Child::running([&](Channel&) {
    Lock lock(directory / "lock");
    lock.lock();
    ::kill(::getpid(), SIGKILL);
  });
  const pid_t pid = holder.pid();
  holder.wait();
  std::vector<Event> events;
  LockOptions options;
  options.counters = std::make_shared<Counters>();
  options.on_event = [&](const Event& event) { events.push_back(event); };
  Lock lock(directory / "lock", options);
  lock.lock();
  const auto broke = std::ranges::find_if(events, [](const Event& event) { return event.kind == EventKind::broke; });
  ASSERT_NE(broke, events.end());
  EXPECT_EQ(broke->predecessor, PredecessorEnd::died);
  ASSERT_TRUE(broke->holder);
  EXPECT_EQ(broke->holder->pid, pid);
  EXPECT_EQ(options.counters->values().breaks_died, 1U);
  EXPECT_EQ(options.counters->values().breaks_expired, 0U);
}

TEST(AnEvent, of_the_parents_hold_is_not_told_by_its_forked_child) {
  const TemporaryDirectory directory;
  std::vector<EventKind> kinds;
  LockOptions options;
  options.on_event = [&](const Event& event) { kinds.push_back(event.kind); };
  Lock lock(directory / "lock", options);
  lock.lock();
  Child child = Child::running([&](Channel& channel) {
    std::error_code error;
    lock.unlock(error);
    channel.say(kinds == std::vector{EventKind::acquired} ? "silent" : "told");
  });
  EXPECT_EQ(child.hear(), "silent");
  EXPECT_EQ(child.wait(), 0);
  lock.unlock();
  EXPECT_EQ(kinds, (std::vector{EventKind::acquired, EventKind::released}));
}

TEST(SharedCounters, miss_nothing_that_several_threads_do) {
  const TemporaryDirectory directory;
  LockOptions options;
  options.counters = std::make_shared<Counters>();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      Lock lock(directory / ("lock" + std::to_string(i)), options);
      for (int cycle = 0; cycle < 50; ++cycle) {
        lock.lock();
        lock.unlock();
        EXPECT_GE(options.counters->values().acquisitions, static_cast<std::uint64_t>(cycle));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const CounterValues values = options.counters->values();
  EXPECT_EQ(values.acquisitions, 200U);
  EXPECT_EQ(values.releases, 200U);
  EXPECT_EQ(values.wait.count(), 200U);
  EXPECT_EQ(values.hold.count(), 200U);
}

}  // namespace
}  // namespace leaselock
