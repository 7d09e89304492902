// Goal: processes that die or sleep while they hold, at any moment, cost their successors one lease and nothing more.
// Method: real processes, SIGKILL and SIGSTOP.
#include <gtest/gtest.h>

#include <random>
#include <thread>

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

LockOptions with_lifetime(Duration lifetime) {
  LockOptions options;
  options.lifetime = lifetime;
  return options;
}

/// Takes the lock, says when its lease ends by the shared clock of this host, and holds it until it is killed.
void hold_for_ever(const boost::filesystem::path& path, const LockOptions& options, Channel& channel) {
  Lock lock(path, options);
  lock.lock();
  channel.say(std::to_string((LeaseClock::now() + lock.remaining()).time_since_epoch().count()));
  channel.hear(1h);
}

LeaseTime deadline_from(Child& holder) { return LeaseTime(Duration(std::stoll(holder.hear().value_or("0")))); }

TEST(AKilledHolder, is_succeeded_after_its_lease_and_not_before_where_its_death_shall_not_count) {
  const TemporaryDirectory directory;
  auto options = with_lifetime(1s);
  options.break_dead = false;
  Child holder = Child::running([&](Channel& channel) { hold_for_ever(directory / "lock", options, channel); });
  const LeaseTime deadline = deadline_from(holder);
  ASSERT_NE(deadline, LeaseTime{});
  const pid_t killed = holder.pid();
  holder.kill();

  Lock newcomer(directory / "lock", options);
  newcomer.lock(30s);
  EXPECT_GE(LeaseClock::now(), deadline);
  EXPECT_TRUE(newcomer.may_act());
  const Predecessor before = newcomer.predecessor();
  EXPECT_EQ(to_string(before.end), to_string(PredecessorEnd::died));
  ASSERT_TRUE(before.holder);
  EXPECT_EQ(before.holder->pid, killed);
  EXPECT_LT(before.holder->token, newcomer.fencing_token());
  newcomer.unlock();
}

class AKilledHolderOfALongLease : public ::testing::TestWithParam<Mode> {};

TEST_P(AKilledHolderOfALongLease, is_succeeded_at_once_by_those_who_wait_and_by_those_who_only_try) {
  const TemporaryDirectory directory;
  auto options = with_lifetime(std::chrono::hours(24));
  options.mode = GetParam();
  for (const bool waits : {false, true}) {
    Child holder = Child::running([&](Channel& channel) { hold_for_ever(directory / "lock", options, channel); });
    ASSERT_NE(deadline_from(holder), LeaseTime{});
    Child waiter = Child::running([&](Channel& channel) {
      Lock lock(directory / "lock", options);
      if (waits) lock.lock(60s);
      channel.say("waited");
      channel.hear();
      channel.say(lock.may_act() || lock.try_lock() ? "holding" : "not holding");
      lock.unlock();
    });
    if (!waits) {
      ASSERT_EQ(waiter.hear(), "waited");
    }
    holder.kill();
    if (waits) {
      ASSERT_EQ(waiter.hear(), "waited");
    }
    EXPECT_EQ(waiter.ask("try"), "holding");
    EXPECT_EQ(waiter.wait(), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(in, AKilledHolderOfALongLease, testing::both_modes, testing::name_of_mode);

TEST(AKilledHolder, leaves_an_expired_lease_that_one_attempt_breaks) {
  const TemporaryDirectory directory;
  const auto options = with_lifetime(300ms);
  Child holder = Child::running([&](Channel& channel) { hold_for_ever(directory / "lock", options, channel); });
  ASSERT_NE(deadline_from(holder), LeaseTime{});
  holder.kill();
  std::this_thread::sleep_for(1s);
  Lock newcomer(directory / "lock", options);
  EXPECT_TRUE(newcomer.try_lock());
}

TEST(AKilledHolder, in_compat_mode_is_succeeded_after_its_lease_and_flufls_slop) {
  const TemporaryDirectory directory;
  auto options = with_lifetime(1s);
  options.mode = Mode::compat;
  options.break_dead = false;
  Child holder = Child::running([&](Channel& channel) { hold_for_ever(directory / "lock", options, channel); });
  const LeaseTime deadline = deadline_from(holder);
  ASSERT_NE(deadline, LeaseTime{});
  holder.kill();
  Lock newcomer(directory / "lock", options);
  newcomer.lock(60s);
  EXPECT_GE(LeaseClock::now(), deadline + 10s) << "earlier than flufl.lock peers would";
  newcomer.unlock();
}

class ASleepingHolder : public ::testing::TestWithParam<Mode> {};

TEST_P(ASleepingHolder, wakes_up_after_its_lease_and_harms_nobody) {
  const TemporaryDirectory directory;
  auto options = with_lifetime(500ms);
  options.mode = GetParam();
  Child sleeper = Child::running([&](Channel& channel) {
    Lock lock(directory / "lock", options);
    lock.lock();
    channel.say(lock.may_act() ? "holding" : "not holding");
    channel.hear();
    channel.say(lock.may_act() ? "may act" : "may not act");
    std::error_code error;
    lock.unlock(error);
    channel.say(error == Errc::lease_lost ? "lease lost" : error.message());
    channel.say(lock.is_locked() ? "holding" : "not holding");
  });
  ASSERT_EQ(sleeper.hear(), "holding");
  sleeper.stop();

  Lock successor(directory / "lock", options);
  successor.lock(60s);
  successor.refresh(20s);
  sleeper.go_on();
  EXPECT_EQ(sleeper.ask("look"), "may not act");
  EXPECT_EQ(sleeper.hear(), "lease lost");
  EXPECT_EQ(sleeper.hear(), "not holding");
  EXPECT_EQ(sleeper.wait(), 0);
  EXPECT_TRUE(successor.is_locked());
  EXPECT_TRUE(successor.may_act());
  EXPECT_NO_THROW(successor.refresh());
  EXPECT_NO_THROW(successor.unlock());
}

INSTANTIATE_TEST_SUITE_P(in, ASleepingHolder, testing::both_modes, testing::name_of_mode);

TEST(ASleepingHolder, cannot_refresh_a_lease_that_somebody_took_over) {
  const TemporaryDirectory directory;
  const auto options = with_lifetime(500ms);
  Child sleeper = Child::running([&](Channel& channel) {
    Lock lock(directory / "lock", options);
    lock.lock();
    channel.say("holding");
    channel.hear();
    std::error_code error;
    lock.refresh(error);
    channel.say(error == Errc::lease_lost ? "lease lost" : error.message());
    channel.say(lock.may_act() ? "may act" : "may not act");
  });
  ASSERT_EQ(sleeper.hear(), "holding");
  sleeper.stop();
  Lock successor(directory / "lock", options);
  successor.lock(60s);
  successor.refresh(20s);
  sleeper.go_on();
  EXPECT_EQ(sleeper.ask("refresh"), "lease lost");
  EXPECT_EQ(sleeper.hear(), "may not act");
  EXPECT_TRUE(successor.is_locked());
}

/// Three processes that lock, refresh and unlock, killed together after a random moment.
void kill_three_at_work(const boost::filesystem::path& path, const LockOptions& options, std::mt19937& random) {
  std::vector<Child> victims = testing::run_many(3, [&](int /*number*/, Channel&) {
    while (true) {
      Lock lock(path, options);
      lock.lock();
      lock.refresh();
      lock.unlock();
    }
  });
  std::uniform_int_distribution<int> life_us(0, 10'000);
  std::this_thread::sleep_for(std::chrono::microseconds(life_us(random)));
  for (Child& victim : victims) victim.kill();
}

/// How many files are left that are kept for an hour: fence directories in preparation, because nobody can tell whose
/// they are, and the mark of one who died while it broke a lock, with the claim that is the same file. Beside these the
/// gate stays. Anything else that is left is a failure.
std::size_t only_what_is_kept_for_an_hour(const TemporaryDirectory& directory) {
  std::size_t count = 0;
  std::size_t gates = 0;
  for (const std::string& name : directory.names()) {
    if (name.ends_with("|gate")) {
      ++gates;
      continue;
    }
    const bool preparation = name.find("|boot|") != std::string::npos;
    EXPECT_TRUE(preparation || boost::filesystem::hard_link_count(directory / name) == 2) << name;
    if (name.find('/') == std::string::npos) ++count;
  }
  EXPECT_LE(gates, count);
  return count;
}

class ProcessesKilledAtAnyMoment : public ::testing::TestWithParam<Mode> {
 protected:
  LockOptions options() const {
    auto options = with_lifetime(200ms);
    options.mode = GetParam();
    return options;
  }

  const TemporaryDirectory directory;
  std::mt19937 random{1};
};

TEST_P(ProcessesKilledAtAnyMoment, of_a_new_lock_block_nobody_and_clean_removes_what_they_left) {
  constexpr int rounds = 100;
  const auto path = [&](int round) { return directory / ("lock" + std::to_string(round)); };
  for (int round = 0; round < rounds; ++round) kill_three_at_work(path(round), options(), random);
  EXPECT_GT(directory.names().size(), 10U) << "hardly anybody was killed at work";
  std::this_thread::sleep_for(GetParam() == Mode::fenced ? 500ms : 10500ms);  // the last leases, and flufl.lock's slop
  for (int round = 0; round < rounds; ++round) {
    Lock newcomer(path(round), options());
    ASSERT_NO_THROW(newcomer.lock(10s)) << round;
    EXPECT_NO_THROW(newcomer.refresh());
    EXPECT_NO_THROW(newcomer.unlock());
  }
  std::size_t kept = 0;
  for (int round = 0; round < rounds; ++round) kept += clean(path(round), options()).kept;
  EXPECT_EQ(kept, only_what_is_kept_for_an_hour(directory));
}

INSTANTIATE_TEST_SUITE_P(in, ProcessesKilledAtAnyMoment, testing::both_modes, testing::name_of_mode);

TEST(ProcessesKilledAgainAndAgain, on_one_lock_block_nobody_and_clean_removes_what_they_left) {
  const TemporaryDirectory directory;
  const auto options = with_lifetime(200ms);
  std::mt19937 random(2);
  for (int round = 0; round < 12; ++round) {
    kill_three_at_work(directory / "lock", options, random);
    Lock newcomer(directory / "lock", options);
    ASSERT_NO_THROW(newcomer.lock(10s));
    EXPECT_NO_THROW(newcomer.unlock());
  }
  const std::size_t kept = clean(directory / "lock", options).kept;
  EXPECT_EQ(kept, only_what_is_kept_for_an_hour(directory));
}

}  // namespace
}  // namespace leaselock
