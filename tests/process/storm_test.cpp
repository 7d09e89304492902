// Goal: many real processes on one lock never overlap, and their tokens grow in the order in which they held.
// Method: every holder records on a shared clock while it may act; the overlaps are counted from the records.
#include <gtest/gtest.h>

#include <mutex>
#include <ostream>
#include <thread>

#include "leaselock/leaselock.hpp"
#include "support/child.hpp"
#include "support/hold_log.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using testing::Channel;
using testing::Child;
using testing::HoldLog;
using testing::TemporaryDirectory;

void expect_all_well(std::vector<Child>& workers) {
  for (Child& worker : workers) EXPECT_EQ(worker.wait(), 0);
}

struct Footing {
  const char* name;
  Mode mode;
  bool mirror;

  LockOptions options() const {
    LockOptions options;
    options.mode = mode;
    options.mirror = mirror;
    return options;
  }
};
void PrintTo(const Footing& footing, std::ostream* out) { *out << footing.name; }

class AStorm : public ::testing::TestWithParam<Footing> {};

TEST_P(AStorm, of_eight_processes_never_overlaps) {
  constexpr int processes = 8;
  constexpr int holds_each = 25;
  const TemporaryDirectory directory;
  const TemporaryDirectory records;
  std::vector<Child> workers = testing::run_many(processes, [&](int i, Channel&) {
    HoldLog log(records / "holds");
    Lock lock(directory / "lock", GetParam().options());
    for (int hold = 0; hold < holds_each; ++hold) {
      lock.lock();
      log.record(lock, 1ms);
      lock.unlock();
      std::this_thread::sleep_for(std::chrono::milliseconds((7 * hold + i) % 8));  // a turn for the others
    }
  });
  expect_all_well(workers);
  const auto holds = testing::read_holds(records / "holds");
  EXPECT_EQ(holds.size(), static_cast<std::size_t>(processes * holds_each));
  EXPECT_EQ(testing::overlaps(holds), 0U);
  EXPECT_GT(testing::turns(holds), static_cast<std::size_t>(processes * 4)) << "they hardly took turns";
  if (GetParam().mode == Mode::fenced) {
    EXPECT_EQ(testing::token_inversions(holds), 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(in, AStorm,
                         ::testing::Values(Footing{"fenced_mode", Mode::fenced, true},
                                           Footing{"fenced_mode_without_mirror", Mode::fenced, false},
                                           Footing{"compat_mode", Mode::compat, true}),
                         [](const auto& footing) { return std::string(footing.param.name); });

// Leases so short that holders lose them all the time: half of the workers oversleep, some never unlock.
TEST(AStormOfExpiringLeases, never_overlaps_as_the_holders_judge_it) {
  constexpr int processes = 8;
  const TemporaryDirectory directory;
  const TemporaryDirectory records;
  std::vector<Child> workers = testing::run_many(processes, [&](int i, Channel&) {
    HoldLog log(records / "holds");
    LockOptions options;
    options.lifetime = 150ms;
    for (int hold = 0; hold < 6; ++hold) {
      Lock lock(directory / "lock", options);
      lock.lock();
      const bool oversleeps = (hold + i) % 2 == 0;
      log.record(lock, oversleeps ? 1s : 5ms);
      lock.unlock(unconditionally);
    }
  });
  expect_all_well(workers);
  const auto holds = testing::read_holds(records / "holds");
  EXPECT_EQ(holds.size(), static_cast<std::size_t>(processes * 6));
  EXPECT_EQ(testing::overlaps(holds), 0U);
  EXPECT_EQ(testing::token_inversions(holds), 0U);
}

TEST(TwoLocksAtOnce, through_scoped_lock_are_taken_by_six_processes_without_deadlock) {
  const TemporaryDirectory directory;
  const TemporaryDirectory records;
  std::vector<Child> workers = testing::run_many(6, [&](int i, Channel&) {
    HoldLog log(records / "holds");
    Lock first(directory / "first");
    Lock second(directory / "second");
    for (int hold = 0; hold < 6; ++hold) {
      // Each half of them names the two in another order.
      std::scoped_lock both(i % 2 == 0 ? first : second, i % 2 == 0 ? second : first);
      log.record(first, 1ms);
    }
  });
  expect_all_well(workers);
  const auto holds = testing::read_holds(records / "holds");
  EXPECT_EQ(holds.size(), 36U);
  EXPECT_EQ(testing::overlaps(holds), 0U);
}

TEST(TwoObjectsInOneProcess, exclude_each_other) {
  const TemporaryDirectory directory;
  Lock one(directory / "lock");
  Lock two(directory / "lock");
  one.lock();
  EXPECT_FALSE(two.try_lock());
  EXPECT_FALSE(two.is_locked());
  std::error_code error;
  two.unlock(error);
  EXPECT_EQ(error, Errc::not_locked);
  EXPECT_TRUE(one.is_locked());
  one.unlock();
  EXPECT_TRUE(two.try_lock());
}

TEST(TwoObjectsInOneProcess, exclude_each_other_in_two_threads) {
  const TemporaryDirectory directory;
  const TemporaryDirectory records;
  const auto work = [&] {
    HoldLog log(records / "holds");
    Lock lock(directory / "lock");
    for (int hold = 0; hold < 20; ++hold) {
      std::unique_lock<Lock> held(lock);
      log.record(lock, 1ms);
    }
  };
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
  const auto holds = testing::read_holds(records / "holds");
  EXPECT_EQ(holds.size(), 40U);
  EXPECT_EQ(testing::overlaps(holds), 0U);
}

}  // namespace
}  // namespace leaselock
