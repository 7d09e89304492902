// Goal: a lock that is kept alive stays held as long as the server answers, and its loss is noticed in time when it
// does not. Method: real locks, whose requests a gate holds up, whose files others take away.
#include "leaselock/keep_alive.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <boost/filesystem.hpp>
#include <boost/filesystem/fstream.hpp>
#include <thread>

#include "leaselock/leaselock.hpp"
#include "support/lease_log.hpp"
#include "support/modes.hpp"
#include "support/step_gate.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using testing::LeaseLog;
using testing::StepGate;
using testing::TemporaryDirectory;

class AKeptLock : public ::testing::TestWithParam<Mode> {
 protected:
  LockOptions options(Duration lifetime) {
    LockOptions options;
    options.mode = GetParam();
    options.lifetime = lifetime;
    options.on_trace = gate.hook();
    return options;
  }
  Lock make(Duration lifetime) { return Lock(path, options(lifetime)); }
  KeepAliveOptions logged() {
    KeepAliveOptions options;
    options.on_change = log.hook();
    return options;
  }
  /// Another contender, which has nothing to do with the gate.
  Lock other() const {
    LockOptions options;
    options.mode = GetParam();
    return Lock(path, options);
  }
  bool is_free() const {
    Lock lock = other();
    return lock.try_lock();
  }

  TemporaryDirectory directory;
  boost::filesystem::path path = directory / "job.lock";
  StepGate gate;
  LeaseLog log;
};

TEST_P(AKeptLock, outlives_its_lease) {
  Lock lock = make(600ms);
  lock.lock();
  const auto first_deadline = LeaseClock::now() + lock.remaining();
  KeepAlive keep(lock, logged());
  std::this_thread::sleep_for(1500ms);
  EXPECT_GT(LeaseClock::now(), first_deadline);
  // On a machine that stood still the lease may be doubtful; then it is not said to be ours.
  EXPECT_TRUE(lock.may_act() || keep.state() == LeaseState::doubtful);
  EXPECT_EQ(keep.may_act(), lock.may_act());
  keep.unlock();
  EXPECT_FALSE(lock.may_act());
  EXPECT_TRUE(is_free());
}

TEST_P(AKeptLock, is_doubtful_in_time_while_a_refresh_hangs_and_held_again_when_it_is_answered) {
  Lock lock = make(3s);
  lock.lock();
  gate.stop_at(1);
  KeepAliveOptions with = logged();
  with.patience = 1h;
  KeepAlive keep(lock, with);
  gate.wait_until_reached();
  const LeaseReport doubtful = log.wait_for(LeaseState::doubtful);
  EXPECT_TRUE(doubtful.unanswered.has_value());
  EXPECT_TRUE(keep.get_stop_token().stop_requested());
  EXPECT_FALSE(keep.stop_for(0s)) << "it hangs still";
  gate.open();
  log.wait_for(LeaseState::held);
  EXPECT_TRUE(keep.get_stop_token().stop_requested()) << "not taken back";
  keep.unlock();
  EXPECT_TRUE(is_free());
}

TEST_P(AKeptLock, is_lost_when_nobody_answers_and_its_late_refresh_disturbs_nobody) {
  Lock lock = make(500ms);
  lock.lock();
  gate.stop_at(1);
  KeepAliveOptions with = logged();
  with.patience = 10ms;
  KeepAlive keep(lock, with);
  gate.wait_until_reached();
  log.wait_for(LeaseState::lost);
  EXPECT_FALSE(keep.may_act());
  Lock next = other();
  std::thread opener([&] {
    if (GetParam() == Mode::fenced) next.lock();
    gate.open();
  });
  std::error_code error;
  keep.unlock(error);
  opener.join();
  EXPECT_EQ(error, Errc::lease_lost);
  EXPECT_EQ(next.may_act(), GetParam() == Mode::fenced);
  keep.unlock(error);
  EXPECT_EQ(error, Errc::not_locked) << "it was told once";
}

TEST_P(AKeptLock, is_lost_at_once_when_a_refresh_finds_another_owner) {
  Lock lock = make(3s);
  lock.lock();
  KeepAlive keep(lock, logged());
  ASSERT_TRUE(unsafe_break(path, options(3s)));
  Lock next = other();
  next.lock();
  const LeaseReport lost = log.wait_for(LeaseState::lost);
  EXPECT_EQ(lost.error, Errc::lease_lost);
  EXPECT_TRUE(keep.get_stop_token().stop_requested());
  EXPECT_FALSE(keep.may_act());
  try {
    keep.unlock();
    ADD_FAILURE() << "the loss was not reported";
  } catch (const NotLockedError& error) {
    EXPECT_EQ(error.code(), Errc::lease_lost);
    EXPECT_EQ(error.lockfile(), path);
  }
  EXPECT_TRUE(next.may_act());
}

TEST_P(AKeptLock, stays_held_when_only_its_lock_file_is_taken_away) {
  if (GetParam() == Mode::compat) GTEST_SKIP() << "there the lock file is the lock";
  Lock lock = make(3s);
  lock.lock();
  KeepAlive keep(lock, logged());
  boost::filesystem::remove(path);
  boost::filesystem::ofstream(path) << "somebody else's";
  const LeaseReport warned = log.wait_for([](const LeaseReport& report) { return report.error == Errc::mirror_lost; });
  EXPECT_EQ(warned.state, LeaseState::held);
  boost::filesystem::remove(path);
  const LeaseReport repaired = log.wait_for([](const LeaseReport& report) { return !report.error; });
  EXPECT_EQ(repaired.state, LeaseState::held);
  EXPECT_TRUE(lock.may_act());
  keep.unlock();
}

TEST_P(AKeptLock, that_is_due_is_refreshed_before_the_work_begins) {
  Lock lock = make(3s);
  lock.lock();
  lock.set_lifetime(1h);
  const KeepAlive keep(lock);
  EXPECT_GT(lock.remaining(), 50min);
}

TEST_P(AKeptLock, that_was_lost_before_cannot_be_kept) {
  Lock lock = make(3s);
  lock.lock();
  lock.set_lifetime(1h);
  ASSERT_TRUE(unsafe_break(path, options(3s)));
  try {
    const KeepAlive keep(lock);
    ADD_FAILURE() << "kept";
  } catch (const NotLockedError& error) {
    EXPECT_EQ(error.code(), Errc::lease_lost);
  }
  EXPECT_FALSE(lock.may_act());
}

TEST_P(AKeptLock, that_is_not_held_cannot_be_kept) {
  Lock lock = make(3s);
  EXPECT_THROW(KeepAlive{lock}, NotLockedError);
}

TEST_P(AKeptLock, whose_options_are_wrong_is_given_back) {
  Lock lock = make(3s);
  lock.lock();
  KeepAliveOptions wrong;
  wrong.margin = 2s;
  try {
    const KeepAlive keep(lock, wrong);
    ADD_FAILURE() << "accepted";
  } catch (const LockError& error) {
    EXPECT_EQ(error.code(), Errc::invalid_options);
  }
  EXPECT_FALSE(lock.may_act());
  EXPECT_TRUE(is_free());
}

/// No thread can be started while this exists: none gets so large a stack.
class NoMoreThreads {
 public:
  NoMoreThreads() {
    ::pthread_attr_init(&attributes_);
    ::pthread_getattr_default_np(&attributes_);
    ::pthread_attr_getstacksize(&attributes_, &before_);
    set(std::size_t{1} << 46);
  }
  ~NoMoreThreads() {
    set(before_);
    ::pthread_attr_destroy(&attributes_);
  }
  NoMoreThreads(const NoMoreThreads&) = delete;
  NoMoreThreads& operator=(const NoMoreThreads&) = delete;

 private:
  void set(std::size_t size) {
    ::pthread_attr_setstacksize(&attributes_, size);
    ::pthread_setattr_default_np(&attributes_);
  }
  pthread_attr_t attributes_{};
  std::size_t before_ = 0;
};

TEST_P(AKeptLock, that_no_thread_can_be_started_for_is_given_back) {
  Lock lock = make(3s);
  lock.lock();
  {
    const NoMoreThreads none;
    EXPECT_THROW(KeepAlive{lock}, LockError);
  }
  EXPECT_FALSE(lock.may_act());
  EXPECT_TRUE(is_free());
}

TEST_P(AKeptLock, is_its_owners_again_after_stop) {
  Lock lock = make(3s);
  lock.lock();
  {
    KeepAlive keep(lock, logged());
    keep.stop();
    keep.stop();
    EXPECT_TRUE(keep.stop_for(0s));
    EXPECT_FALSE(keep.get_stop_token().stop_requested());
  }
  lock.refresh();
  EXPECT_TRUE(lock.may_act());
  EXPECT_EQ(log.size(), 0U);
  lock.unlock();
}

INSTANTIATE_TEST_SUITE_P(Modes, AKeptLock, testing::both_modes, testing::name_of_mode);

}  // namespace
}  // namespace leaselock
