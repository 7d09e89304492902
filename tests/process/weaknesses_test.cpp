// Goal: who holds the lock, and until when, is never in doubt where flufl.lock is known to go wrong.
// Method: see weakness.hpp. W15 is in fork_test.cpp, the others in weaknesses_of_files_test.cpp.

#include <cstdlib>
#include <thread>

#include "support/hold_log.hpp"
#include "weakness.hpp"

namespace leaselock {
namespace {

namespace fs = boost::filesystem;
using namespace std::chrono_literals;
using testing::Channel;
using testing::Child;
using testing::HoldLog;
using testing::TemporaryDirectory;

class Ownership : public Weakness {};

INSTANTIATE_TEST_SUITE_P(in, Ownership, testing::both_modes, testing::name_of_mode);

// W1
TEST(Ownership, W1_an_expired_lock_that_many_waiters_break_at_once_is_won_by_one_of_them) {
  const TemporaryDirectory directory;
  const TemporaryDirectory records;
  LockOptions options;
  options.lifetime = 200ms;
  std::vector<Child> waiters = testing::run_many(8, [&](int /*number*/, Channel&) {
    HoldLog log(records / "holds");
    for (int hold = 0; hold < 2; ++hold) {
      auto* lock = new Lock(directory / "lock", options);  // never destroyed: it ends as after a crash
      lock->lock();
      log.record(*lock, 20ms);
    }
  });
  for (Child& waiter : waiters) EXPECT_EQ(waiter.wait(), 0);
  const auto holds = testing::read_holds(records / "holds");
  EXPECT_EQ(holds.size(), 16U);
  EXPECT_EQ(testing::overlaps(holds), 0U);
}

// W2
TEST_P(Ownership, W2_a_lease_counts_from_when_it_was_got_and_not_from_when_waiting_began) {
  Child first = holder(options());
  Lock lock(path(), options(400ms));
  std::thread patience([&] {
    std::this_thread::sleep_for(1500ms);  // several lifetimes
    first.say("let go");
  });
  lock.lock(30s);
  patience.join();
  EXPECT_GE(lock.remaining(), 100ms);
  EXPECT_GT(lock.expiration(), std::chrono::system_clock::now());
}

// W8
TEST_P(Ownership, W8_a_waiter_whose_claim_was_removed_still_gets_the_lock) {
  Child first = holder(options());
  Lock lock(path(), options());
  std::error_code error;
  lock.lock(0s, error);  // makes the claim
  ASSERT_EQ(error, Errc::timed_out);
  if (!lock.claimfile().empty()) fs::remove(lock.claimfile());
  std::thread patience([&] {
    std::this_thread::sleep_for(100ms);
    first.say("let go");
  });
  lock.lock(30s, error);
  patience.join();
  EXPECT_FALSE(error) << error.message();
  EXPECT_TRUE(lock.is_locked());
}

// W9
TEST_P(Ownership, W9_a_timeout_of_a_fraction_of_a_second_is_kept) {
  Child first = holder(options());
  Lock lock(path(), options());
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(lock.try_lock_for(std::chrono::duration<double>(0.4)));
  const auto waited = std::chrono::steady_clock::now() - start;
  EXPECT_GE(waited, 400ms);
  EXPECT_LT(waited, 400ms + 5s) << "far beyond what a busy machine explains";
  EXPECT_THROW(lock.lock(10ms), TimeOutError);
}

// W10
TEST_P(Ownership, W10_a_timeout_of_zero_makes_one_full_attempt_that_breaks_a_stale_lock) {
  const fs::path claim = directory / "lock|elsewhere.example|4711|123";
  plant(claim, claim.string());
  fs::create_hard_link(claim, path());
  Lock lock(path(), options());
  EXPECT_TRUE(lock.try_lock());
  EXPECT_FALSE(fs::exists(claim)) << "the claim of the broken lock";
}

// W11
TEST_P(Ownership, W11_a_lifetime_below_a_second_is_kept_to_the_millisecond) {
  Lock lock(path(), options(900ms));
  lock.lock();
  EXPECT_GT(lock.remaining(), 500ms);
  EXPECT_LE(lock.remaining(), 900ms);
  EXPECT_GT(lock.expiration(), std::chrono::system_clock::now() + 500ms);
}

// W12
TEST_P(Ownership, W12_the_time_zone_changes_nothing) {
  const auto times_in = [&](const char* zone) {
    Child child = Child::running([&](Channel& channel) {
      ::setenv("TZ", zone, 1);
      ::tzset();
      Lock lock(path(), options());
      channel.say(std::to_string(lock.expiration().time_since_epoch().count()));
      channel.say(lock.try_lock() ? "got it" : "excluded");
    });
    EXPECT_EQ(child.hear(), std::to_string(mtime_of(path()).tv_sec * 1'000'000'000 + mtime_of(path()).tv_nsec)) << zone;
    EXPECT_EQ(child.hear(), "excluded") << zone;
  };
  Lock lock(path(), options());
  lock.lock();
  times_in("UTC");
  times_in("Pacific/Kiritimati");
  times_in("America/New_York");
}

// W15: fork_test.cpp

// W16
TEST_P(Ownership, W16_two_objects_of_one_process_know_which_of_them_holds_the_lock) {
  Lock one(path(), options());
  Lock two(path(), options());
  one.lock();
  EXPECT_EQ(one.state(), LockState::ours);
  EXPECT_NE(two.state(), LockState::ours);
  EXPECT_FALSE(two.is_locked());
}

// W17
TEST_P(Ownership, W17_a_late_unlock_does_not_remove_the_successors_lock) {
  Lock late(path(), options(300ms));
  late.lock();
  std::this_thread::sleep_for(600ms);
  Lock successor(path(), options());
  successor.lock(30s);
  const ino_t inode = inode_of(path());
  std::error_code error;
  late.unlock(error);
  EXPECT_EQ(error, Errc::lease_lost) << error.message();
  EXPECT_EQ(inode_of(path()), inode);
  EXPECT_TRUE(successor.is_locked());
  EXPECT_NO_THROW(successor.unlock());
}

// W19
TEST(Ownership, W19_a_dead_holder_is_shown_as_stale_and_costs_no_more_than_its_lease) {
  const TemporaryDirectory directory;
  LockOptions options;
  options.lifetime = 1s;
  Child holder = Child::running([&](Channel& channel) {
    Lock lock(directory / "lock", options);
    lock.lock();
    channel.say("holding");
    channel.hear(1h);
  });
  ASSERT_EQ(holder.hear(), "holding");
  Lock lock(directory / "lock", options);
  EXPECT_EQ(lock.state(), LockState::unknown);
  holder.kill();
  EXPECT_EQ(lock.state(), LockState::stale);
  EXPECT_TRUE(lock.try_lock_for(8s)) << "flufl.lock would wait for eleven seconds";
}

// W20
TEST_P(Ownership, W20_looking_at_a_lock_never_extends_it) {
  Lock lock(path(), options(500ms));
  lock.lock();
  Lock other(path(), options());
  const timespec expiry = mtime_of(path());
  const auto look = [&] {
    lock.is_locked();
    lock.state();
    lock.details();
    lock.expiration();
    other.is_locked();
    other.state();
    other.details();
    other.expiration();
    inspect(path(), options());
    EXPECT_TRUE(same(mtime_of(path()), expiry));
  };
  look();
  std::this_thread::sleep_for(600ms);
  look();
  EXPECT_FALSE(lock.may_act());
  EXPECT_EQ(lock.state(), LockState::ours_expired);
  EXPECT_FALSE(lock.is_locked());
}

}  // namespace
}  // namespace leaselock
