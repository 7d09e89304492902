#include <gtest/gtest.h>

#include "leaselock/leaselock.hpp"
#include "support/bench_lock.hpp"

/// Forms of public functions that other tests have no use for.
namespace leaselock::test {
namespace {

using namespace std::chrono_literals;

class SeldomUsed : public testing::Test {
 protected:
  static LockOptions options() {
    LockOptions options;
    options.stamp_error = 20ms;
    options.grace = 200ms;
    return options;
  }

  TemporaryDirectory directory;
  boost::filesystem::path path = directory.path() / "L";
  std::error_code error;
};

TEST_F(SeldomUsed, an_object_that_is_assigned_to_gives_back_what_it_held) {
  Lock lock(path, options());
  lock.lock();
  lock = Lock(directory.path() / "other", options());
  EXPECT_FALSE(lock.is_locked());
  EXPECT_TRUE(Lock(path, options()).try_lock());

  Semaphore semaphore(directory.path() / "S", 1, options());
  semaphore.acquire();
  semaphore = Semaphore(directory.path() / "other-S", 1, options());
  EXPECT_TRUE(Semaphore(directory.path() / "S", 1, options()).try_acquire());

  SharedLock shared(directory.path() / "R", options());
  shared.lock();
  shared = SharedLock(directory.path() / "other-R", options());
  EXPECT_TRUE(SharedLock(directory.path() / "R", options()).try_lock());
}

TEST_F(SeldomUsed, retried_errors_can_be_changed_later) {
  Lock lock(path, options());
  EXPECT_TRUE(lock.retry_errnos().empty());
  lock.set_retry_errnos({EIO, ESTALE});
  EXPECT_EQ(lock.retry_errnos(), (std::vector<int>{EIO, ESTALE}));
}

TEST_F(SeldomUsed, forms_of_a_semaphore_report_what_the_throwing_ones_throw) {
  Semaphore semaphore(path, 1, options());
  semaphore.refresh(1min, error);
  EXPECT_EQ(error, Errc::not_locked);
  semaphore.release(unconditionally, error);
  EXPECT_FALSE(error);
  EXPECT_NO_THROW(semaphore.release(unconditionally));
  semaphore.acquire();
  semaphore.refresh(1min, error);
  EXPECT_FALSE(error);
  EXPECT_GT(semaphore.remaining(), 30s);
  EXPECT_EQ(semaphore.status(error).holders.size(), 1U);
  EXPECT_FALSE(error);
}

TEST_F(SeldomUsed, forms_of_a_shared_lock_report_what_the_throwing_ones_throw) {
  SharedLock reader(path, options());
  SharedLock writer(path, options());
  EXPECT_TRUE(reader.try_lock_shared(error));
  EXPECT_FALSE(error);
  EXPECT_FALSE(writer.try_lock(error));
  EXPECT_FALSE(error);
  EXPECT_EQ(reader.status(error).holders.size(), 1U);
  reader.unlock_shared();
  EXPECT_TRUE(writer.try_lock(error));
  EXPECT_FALSE(reader.try_lock_shared(error));
  EXPECT_FALSE(error);
  writer.refresh(1min, error);
  EXPECT_FALSE(error);
  EXPECT_GT(writer.remaining(), 30s);
}

TEST_F(SeldomUsed, a_readers_lease_becomes_shorter_but_never_longer) {
  SharedLock reader(path, options());
  reader.lock_shared();
  reader.refresh(1min, error);
  EXPECT_FALSE(error);
  EXPECT_LE(reader.remaining(), options().lifetime);
  reader.refresh(5s);
  reader.refresh(5s);
  EXPECT_TRUE(reader.may_act());
}

TEST_F(SeldomUsed, a_short_grace_needs_to_know_the_error_of_time_stamps) {
  LockOptions short_grace;
  short_grace.grace = 200ms;
  try {
    Lock(path, short_grace);
    FAIL();
  } catch (const LockError& refused) {
    EXPECT_NE(std::string(refused.what()).find("needs a stamp_error"), std::string::npos) << refused.what();
  }
}

TEST_F(SeldomUsed, a_name_that_is_too_long_is_also_the_standards_error) {
  Lock lock(directory.path() / std::string(250, 'n'), options());
  lock.lock(error);
  EXPECT_EQ(error, Errc::name_too_long);
  EXPECT_EQ(error, std::errc::filename_too_long);
}

}  // namespace
}  // namespace leaselock::test
