#include "leaselock/leaselock.hpp"

#include <gtest/gtest.h>

#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "support/bench_lock.hpp"

/// The public class, on a real directory.
namespace leaselock::test {
namespace {

using namespace std::chrono_literals;
namespace fs = boost::filesystem;

class PublicLock : public testing::TestWithParam<std::string> {
 protected:
  LockOptions options() const {
    LockOptions options;
    options.lifetime = 20s;
    options.mode = GetParam() == "compat" ? Mode::compat : Mode::fenced;
    options.mirror = GetParam() != "fenced_without_mirror";
    options.stamp_error = 20ms;
    options.grace = 200ms;
    return options;
  }
  Lock make() const { return Lock(path, options()); }

  TemporaryDirectory directory;
  fs::path path = directory.path() / "job.lock";
};

TEST_P(PublicLock, is_held_by_one_object_at_a_time) {
  Lock first = make();
  Lock second = make();
  first.lock();
  EXPECT_TRUE(first.may_act());
  EXPECT_TRUE(first.is_locked());
  EXPECT_FALSE(second.try_lock());
  EXPECT_FALSE(second.is_locked());
  first.unlock();
  EXPECT_FALSE(first.may_act());
  EXPECT_TRUE(second.try_lock());
}

TEST_P(PublicLock, works_with_the_standard_guards) {
  Lock lock = make();
  Lock other(directory.path() / "other.lock", options());
  {
    const std::scoped_lock guard(lock, other);
    EXPECT_TRUE(lock.may_act());
    EXPECT_TRUE(other.may_act());
  }
  std::unique_lock guard(lock, std::try_to_lock);
  EXPECT_TRUE(guard.owns_lock());
  guard.unlock();
  EXPECT_TRUE(guard.try_lock_for(1s));
}

TEST_P(PublicLock, tells_each_misuse_from_the_others) {
  Lock lock = make();
  EXPECT_THROW(lock.unlock(), NotLockedError);
  EXPECT_THROW(lock.refresh(), NotLockedError);
  EXPECT_THROW(lock.destroy(), NotLockedError);
  EXPECT_THROW(lock.details(), NotLockedError);
  EXPECT_THROW(lock.expiration(), NotLockedError);
  EXPECT_NO_THROW(lock.unlock(unconditionally));
  EXPECT_NO_THROW(lock.refresh(unconditionally));
  lock.lock();
  EXPECT_THROW(lock.lock(), AlreadyLockedError);
  EXPECT_TRUE(lock.may_act());
  Lock other = make();
  EXPECT_THROW(other.lock(Duration::zero()), TimeOutError);
  std::error_code error;
  other.lock(Duration::zero(), error);
  EXPECT_EQ(error, Errc::timed_out);
  EXPECT_EQ(error, std::errc::timed_out);
  EXPECT_FALSE(other.try_lock_for(5ms));
  EXPECT_FALSE(other.try_lock_until(std::chrono::system_clock::now() + 5ms));
}

TEST_P(PublicLock, says_who_holds_it_and_until_when) {
  Lock lock = make();
  Lock other = make();
  EXPECT_EQ(other.state(), LockState::unlocked);
  lock.lock();
  EXPECT_EQ(lock.state(), LockState::ours);
  EXPECT_EQ(other.state(), LockState::unknown);
  const Details details = other.details();
  EXPECT_EQ(details.hostname, lock.hostname());
  EXPECT_EQ(details.pid, ::getpid());
  EXPECT_EQ(details.lockfile, path);
  EXPECT_GT(other.expiration(), std::chrono::system_clock::now() + 10s);
  try {
    other.lock(Duration::zero());
    FAIL();
  } catch (const TimeOutError& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find(path.string()), std::string::npos) << text;
    EXPECT_NE(text.find("pid " + std::to_string(::getpid())), std::string::npos) << text;
    EXPECT_NE(text.find("leaselock status"), std::string::npos) << text;
    EXPECT_EQ(error.lockfile(), path);
  }
}

TEST_P(PublicLock, looking_never_extends_a_lease) {
  Lock lock = make();
  lock.lock();
  const Duration before = lock.remaining();
  const WallTime expiration = lock.expiration();
  for (int i = 0; i < 5; ++i) {
    lock.is_locked();
    lock.state();
    lock.details();
  }
  EXPECT_LT(lock.remaining(), before);
  EXPECT_EQ(lock.expiration(), expiration);
}

TEST_P(PublicLock, a_refresh_can_set_a_new_lifetime) {
  Lock lock = make();
  lock.lock();
  lock.refresh(60s);
  EXPECT_EQ(lock.lifetime(), 60s);
  EXPECT_GT(lock.remaining(), 50s);
  lock.refresh();
  EXPECT_GT(lock.remaining(), 50s);
  EXPECT_THROW(lock.refresh(-1s), LockError);
  EXPECT_THROW(lock.set_lifetime(Duration::zero()), LockError);
}

TEST_P(PublicLock, can_be_told_later_which_errors_pass) {
  Lock lock = make();
  EXPECT_TRUE(lock.retry_errnos().empty());
  lock.set_retry_errnos({ESTALE});
  EXPECT_EQ(lock.retry_errnos(), std::vector<int>{ESTALE});
  lock.lock();
}

TEST_P(PublicLock, an_object_that_goes_away_gives_its_lock_back_and_removes_its_claim) {
  { make().lock(); }
  for (const auto& entry : fs::directory_iterator(directory.path())) {
    EXPECT_EQ(entry.path().filename(), "job.lock|fence");
  }
  EXPECT_TRUE(make().try_lock());
}

TEST_P(PublicLock, moves_and_takes_its_hold_along) {
  Lock first = make();
  first.lock();
  Lock second = std::move(first);
  EXPECT_TRUE(second.may_act());
  second.unlock();
}

TEST_P(PublicLock, destroy_leaves_nothing) {
  Lock lock = make();
  lock.lock();
  lock.destroy();
  EXPECT_TRUE(fs::is_empty(directory.path()));
  EXPECT_FALSE(lock.may_act());
  lock.lock();
  EXPECT_TRUE(lock.may_act());
}

TEST_P(PublicLock, a_directory_that_was_removed_and_made_anew_is_found_again) {
  const fs::path inner = directory.path() / "inner";
  fs::create_directory(inner);
  Lock lock(inner / "L", options());
  lock.lock();
  lock.unlock();
  fs::remove_all(inner);
  EXPECT_THROW(lock.lock(), LockError);
  fs::create_directory(inner);
  EXPECT_NO_THROW(lock.lock());
  EXPECT_FALSE(Lock(inner / "L", options()).try_lock());
}

TEST_P(PublicLock, a_waiting_lock_can_be_told_to_stop_and_then_holds_nothing) {
  Lock holder = make();
  holder.lock();
  std::stop_source source;
  LockOptions with_stop = options();
  with_stop.stop = source.get_token();
  with_stop.on_wait = [&](const Waiting& waiting) {
    EXPECT_TRUE(waiting.holder);
    EXPECT_FALSE(waiting.remaining);
    source.request_stop();
  };
  Lock waiter(path, with_stop);
  std::error_code error;
  waiter.lock(error);
  EXPECT_EQ(error, Errc::cancelled);
  EXPECT_EQ(error, std::errc::operation_canceled);
  EXPECT_FALSE(waiter.may_act());
}

TEST_P(PublicLock, may_be_asked_by_other_threads_while_it_works) {
  Lock lock = make();
  std::atomic<bool> done{false};
  std::atomic<int> asked{0};
  std::jthread asker([&] {
    while (!done) {
      const bool may_act = lock.may_act();
      EXPECT_GE(lock.remaining(), Duration::zero());
      asked += may_act && lock.fencing_token() ? 1 : 0;
    }
  });
  for (int i = 0; i < 200; ++i) {
    lock.lock();
    lock.refresh();
    lock.unlock();
  }
  done = true;
}

TEST_P(PublicLock, what_is_not_a_lock_file_is_reported_and_left_alone) {
  const auto expect_refused = [&] {
    std::error_code error;
    Lock lock = make();
    lock.lock(Duration::zero(), error);
    if (GetParam() == "fenced_without_mirror") {
      EXPECT_FALSE(error) << error.message();  // it never looks at the lock path
    } else {
      EXPECT_EQ(error, Errc::not_a_lock_file) << error.message();
    }
  };
  fs::ofstream(path) << "a precious file";
  fs::last_write_time(path, 1000);
  expect_refused();
  EXPECT_EQ(fs::file_size(path), 15U);
  fs::remove(path);
  fs::create_directory(path);
  expect_refused();
  fs::remove(path);
  fs::ofstream(directory.path() / "target") << "precious";
  fs::create_symlink(directory.path() / "target", path);
  expect_refused();
  EXPECT_EQ(fs::file_size(directory.path() / "target"), 8U);
  fs::remove(path);
  fs::ofstream(path).close();  // empty and long dead, but nothing says that it is a lock
  fs::last_write_time(path, 1000);
  expect_refused();
  EXPECT_TRUE(fs::exists(path));
}

INSTANTIATE_TEST_SUITE_P(modes, PublicLock, testing::Values("fenced", "fenced_without_mirror", "compat"),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace leaselock::test
