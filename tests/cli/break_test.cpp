#include <unistd.h>
#include <utime.h>

#include <ctime>

#include "leaselock/semaphore.hpp"
#include "leaselock/shared_lock.hpp"
#include "support/cli_test.hpp"

// Goal: `break` frees a lock that has run out, refuses one that may be alive, and says what force risks.
namespace leaselock::cli_test {
namespace {

class Break : public CliTest {};

TEST_F(Break, RefusesWhileTheLeaseMayBeAlive) {
  Lock holder = held(lockfile());
  const Result result = run({"break", lockfile()});
  EXPECT_EQ(result.status, 75);
  EXPECT_EQ(result.out, "");
  EXPECT_TRUE(contains(result.err, lockfile())) << result.err;
  EXPECT_TRUE(contains(result.err, "may still be alive")) << "why: " << result.err;
  EXPECT_TRUE(contains(result.err, "pid " + std::to_string(getpid()))) << "who: " << result.err;
  EXPECT_TRUE(contains(result.err, "until ")) << "until when: " << result.err;
  EXPECT_TRUE(contains(result.err, "leaselock break --force " + lockfile())) << "what next: " << result.err;
  EXPECT_LE(lines(result.err), 2U);
  EXPECT_TRUE(holder.is_locked());
  EXPECT_NO_THROW(holder.refresh());
}

TEST_F(Break, FreesTheLockOfADeadProcessWhateverItsLease) {
  leave_held(lockfile(), std::chrono::hours(24));
  EXPECT_EQ(run({"break", lockfile()}).status, 0);
  const std::string other = (directory() / "compat.lck").string();
  leave_held(other, std::chrono::hours(24), Mode::compat);
  EXPECT_EQ(run({"break", "--compat", other}).status, 0);
}

TEST_F(Break, FreesALeaseThatHasRunOut) {
  const Lock holder = held(lockfile(), std::chrono::milliseconds(500));
  Result result;
  EXPECT_TRUE(eventually([&] {
    result = run({"break", lockfile()});
    return result.status == 0;
  })) << result.err;
  EXPECT_TRUE(contains(result.out, "broken")) << result.out;
  EXPECT_EQ(run({"status", lockfile()}).status, 0);
}

TEST_F(Break, GrantsACompatLeaseTheTenSecondsOfFlufl) {
  const Lock holder = held(lockfile(), std::chrono::milliseconds(500), Mode::compat);
  EXPECT_TRUE(eventually([&] { return contains(run({"status", "--compat", lockfile()}).out, "ago)"); }));
  EXPECT_EQ(run({"break", "--compat", lockfile()}).status, 75);
  const utimbuf a_minute_ago{std::time(nullptr) - 60, std::time(nullptr) - 60};
  ASSERT_EQ(utime(lockfile().c_str(), &a_minute_ago), 0);
  EXPECT_EQ(run({"break", "--compat", lockfile()}).status, 0);
  EXPECT_TRUE(names().empty());
}

TEST_F(Break, DoesNothingWhenNobodyHoldsTheLock) {
  const Result result = run({"break", lockfile()});
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(contains(result.out, "nobody holds it")) << result.out;
  EXPECT_TRUE(names().empty());
}

TEST_F(Break, ByForceSaysWhatItRisksAndWhoLosesTheLock) {
  Lock holder = held(lockfile());
  const Result result = run({"break", "--force", lockfile()});
  EXPECT_EQ(result.status, 0);
  EXPECT_TRUE(contains(result.err, "warning")) << result.err;
  EXPECT_TRUE(contains(result.err, "pid " + std::to_string(getpid()))) << result.err;
  EXPECT_TRUE(contains(result.err, "fencing token")) << result.err;
  EXPECT_TRUE(contains(result.out, "broken")) << result.out;
  EXPECT_EQ(run({"status", lockfile()}).status, 0);
  EXPECT_THROW(holder.refresh(), NotLockedError);
}

TEST_F(Break, ByForceFreesACompatLock) {
  Lock holder = held(lockfile(), std::chrono::seconds(60), Mode::compat);
  EXPECT_EQ(run({"break", "--compat", "--force", lockfile()}).status, 0);
  EXPECT_EQ(run({"status", "--compat", lockfile()}).status, 0);
  EXPECT_THROW(holder.refresh(), NotLockedError);
}

TEST_F(Break, FreesOnlyTheSlotsWhoseLeasesHaveRunOut) {
  LockOptions options;
  options.lifetime = std::chrono::seconds(60);
  Semaphore alive(lockfile(), 3, options);
  alive.acquire();
  const Result refused = run({"break", lockfile()});
  EXPECT_EQ(refused.status, 75);
  EXPECT_TRUE(contains(refused.err, "if all its holders have certainly ended")) << refused.err;
  options.lifetime = std::chrono::milliseconds(500);
  Semaphore late(lockfile(), 3, options);
  late.acquire();
  Result result;
  EXPECT_TRUE(eventually([&] {
    result = run({"break", lockfile()});
    return result.status == 0;
  })) << result.err;
  EXPECT_TRUE(contains(result.out, "broken; now 1 of 3 slots held (was held by host ")) << result.out;
  EXPECT_FALSE(contains(result.out, "; host")) << "only the one: " << result.out;
  EXPECT_NO_THROW(alive.refresh());
  EXPECT_THROW(late.refresh(), NotLockedError);
}

TEST_F(Break, ByForceFreesAllOfASemaphoreAndWarnsOfEachHolder) {
  Semaphore first(lockfile(), 3);
  Semaphore second(lockfile(), 3);
  first.acquire();
  second.acquire();
  const Result result = run({"break", "--force", lockfile()});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(lines(result.err), 3U) << result.err;
  EXPECT_TRUE(contains(result.out, "broken; now 0 of 3 slots held (was held by host ")) << result.out;
  EXPECT_EQ(run({"status", lockfile()}).status, 0);
  EXPECT_THROW(first.refresh(), NotLockedError);
  EXPECT_THROW(second.refresh(), NotLockedError);
}

TEST_F(Break, OfASharedLockFreesItFromReaders) {
  SharedLock reader(lockfile());
  reader.lock_shared();
  EXPECT_EQ(run({"break", lockfile()}).status, 75);
  EXPECT_NO_THROW(reader.refresh());
  const Result result = run({"break", "--force", lockfile()});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "broken; now unlocked (was held by host ")) << result.out;
  EXPECT_THROW(reader.refresh(), NotLockedError);
}

TEST_F(Break, ByForceDoesNothingWhenNobodyHoldsTheLock) {
  const Result result = run({"break", "--force", lockfile()});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.err, "") << "nothing is risked";
  EXPECT_TRUE(contains(result.out, "nobody holds it")) << result.out;
}

}  // namespace
}  // namespace leaselock::cli_test
