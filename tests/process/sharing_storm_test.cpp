// Goal: many real processes on one semaphore or shared lock are never more than they may be.
// Method: as for the lock, every holder records on a shared clock while it may act; what is counted are the records.
#include <gtest/gtest.h>

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

constexpr int processes = 8;

void expect_all_well(std::vector<Child>& workers) {
  for (Child& worker : workers) EXPECT_EQ(worker.wait(), 0);
}

LockOptions lasting(Duration lifetime) {
  LockOptions options;
  options.lifetime = lifetime;
  return options;
}

std::string log_of(std::uint32_t slot) { return "slot" + std::to_string(slot); }

TEST(AStormOnASemaphore, has_never_more_holders_than_slots_nor_two_in_one) {
  constexpr std::uint32_t slots = 3;
  constexpr int holds_each = 20;
  const TemporaryDirectory directory;
  const TemporaryDirectory records;
  std::vector<Child> workers = testing::run_many(processes, [&](int i, Channel&) {
    Semaphore semaphore(directory / "job", slots);
    HoldLog all(records / "all");
    for (int hold = 0; hold < holds_each; ++hold) {
      semaphore.acquire();
      HoldLog log(records / log_of(semaphore.held().at(0).index));
      std::thread both([&] { log.record(semaphore, 2ms); });
      all.record(semaphore, 2ms);
      both.join();
      semaphore.release();
      std::this_thread::sleep_for(std::chrono::milliseconds((7 * hold + i) % 5));
    }
  });
  expect_all_well(workers);
  const auto all = testing::read_holds(records / "all");
  EXPECT_EQ(all.size(), static_cast<std::size_t>(processes * holds_each));
  EXPECT_EQ(testing::most_at_once(all), slots);
  for (std::uint32_t slot = 0; slot < slots; ++slot) {
    const auto holds = testing::read_holds(records / log_of(slot));
    EXPECT_EQ(testing::overlaps(holds), 0U) << "slot " << slot;
    EXPECT_EQ(testing::token_inversions(holds), 0U) << "slot " << slot;
  }
}

TEST(AStormOnASemaphore, of_those_who_want_one_and_those_who_want_all_comes_to_an_end) {
  constexpr std::uint32_t slots = 2;
  const TemporaryDirectory directory;
  const TemporaryDirectory records;
  std::vector<Child> workers = testing::run_many(processes, [&](int i, Channel&) {
    Semaphore semaphore(directory / "job", slots);
    HoldLog ones(records / "ones");
    HoldLog alls(records / "alls");
    for (int hold = 0; hold < 10; ++hold) {
      const bool wants_all = (hold + i) % 3 == 0;
      semaphore.acquire(wants_all ? slots : 1);
      (wants_all ? alls : ones).record(semaphore, 1ms);
      semaphore.release();
    }
  });
  expect_all_well(workers);
  const auto alls = testing::read_holds(records / "alls");
  EXPECT_EQ(testing::overlaps(alls), 0U);
  EXPECT_LE(testing::most_at_once(testing::read_holds(records / "ones")), slots);
}

TEST(AStormOnASemaphore, loses_no_slot_to_holders_that_are_killed) {
  constexpr std::uint32_t slots = 2;
  const TemporaryDirectory directory;
  for (int round = 0; round < 6; ++round) {
    Child victim = Child::running([&](Channel& channel) {
      Semaphore semaphore(directory / "job", slots);
      semaphore.acquire();
      channel.say("held");
      channel.hear();
    });
    ASSERT_EQ(victim.hear(), "held");
    victim.kill();
  }
  Semaphore semaphore(directory / "job", slots);
  EXPECT_TRUE(semaphore.try_acquire_for(5s, slots));
}

TEST(AStormOnASharedLock, never_has_a_writer_beside_anybody) {
  const TemporaryDirectory directory;
  const TemporaryDirectory records;
  std::vector<Child> workers = testing::run_many(processes, [&](int i, Channel&) {
    SharedLock lock(directory / "table");
    HoldLog writers(records / "writers");
    HoldLog all(records / (i % 2 == 0 ? "even" : "odd"));
    for (int hold = 0; hold < 15; ++hold) {
      if ((hold + i) % 4 == 0) {
        lock.lock();
        writers.record(lock, 1ms);
        lock.unlock();
      } else {
        lock.lock_shared();
        all.record(lock, 1ms);
        lock.unlock_shared();
      }
      std::this_thread::sleep_for(std::chrono::milliseconds((7 * hold + i) % 5));
    }
  });
  expect_all_well(workers);
  const auto writers = testing::read_holds(records / "writers");
  EXPECT_EQ(testing::overlaps(writers), 0U);
  EXPECT_EQ(testing::token_inversions(writers), 0U);
  std::size_t readers = 0;
  for (const char* log : {"even", "odd"}) {
    for (const auto& reader : testing::read_holds(records / log)) {
      ++readers;
      for (const auto& writer : writers) {
        EXPECT_FALSE(reader.first < writer.last && writer.first < reader.last) << "a reader beside a writer";
      }
    }
  }
  EXPECT_GT(readers, writers.size());
}

// Leases so short that holders lose them all the time.
TEST(AStormOfExpiringLeases, never_has_a_writer_beside_a_reader_as_they_judge_it) {
  const TemporaryDirectory directory;
  const TemporaryDirectory records;
  std::vector<Child> workers = testing::run_many(processes, [&](int i, Channel&) {
    HoldLog writers(records / "writers");
    HoldLog readers(records / "readers");
    for (int hold = 0; hold < 6; ++hold) {
      SharedLock lock(directory / "table", lasting(150ms));
      std::error_code error;
      const bool writes = (hold + i) % 3 == 0;
      writes ? lock.lock(20s, error) : lock.lock_shared(20s, error);
      if (error) throw std::system_error(error);
      (writes ? writers : readers).record(lock, (hold + i) % 2 == 0 ? 300ms : 2ms);
    }
  });
  expect_all_well(workers);
  const auto writers = testing::read_holds(records / "writers");
  EXPECT_EQ(testing::overlaps(writers), 0U);
  for (const auto& reader : testing::read_holds(records / "readers")) {
    for (const auto& writer : writers) {
      EXPECT_FALSE(reader.first < writer.last && writer.first < reader.last) << "a reader beside a writer";
    }
  }
}

}  // namespace
}  // namespace leaselock
