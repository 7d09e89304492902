#include <utime.h>

#include <boost/filesystem/operations.hpp>
#include <ctime>
#include <fstream>

#include "leaselock/semaphore.hpp"
#include "leaselock/shared_lock.hpp"
#include "support/cli_test.hpp"

// Goal: `clean` removes what crashed processes left and nothing else. Method: leftovers, and files that look like them.
namespace leaselock::cli_test {
namespace {

namespace fs = boost::filesystem;

class Clean : public CliTest {
 protected:
  static constexpr std::time_t seconds_a_day = 86400;

  void plant(const std::string& name, int days_old = 3) const {
    const std::string path = (directory() / name).string();
    std::ofstream(path) << path;
    const std::time_t then = std::time(nullptr) - days_old * seconds_a_day;
    const utimbuf times{then, then};
    utime(path.c_str(), &times);
  }
  bool exists(const std::string& name) const { return fs::exists(fs::symlink_status(directory() / name)); }
};

const std::string object = "00000000deadbeef.12345.0123456789abcdef0123456789abcdef";

TEST_F(Clean, RemovesTheFenceOfALockThatNobodyHolds) {
  ASSERT_EQ(run({"run", lockfile(), "true"}).status, 0);
  ASSERT_TRUE(exists("db.lck|fence"));
  const Result result = run({"clean", lockfile()});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "removed " + lockfile() + "|fence")) << result.out;
  EXPECT_TRUE(names().empty());
}

TEST_F(Clean, RemovesOldClaimsOfCrashedProcesses) {
  const std::string claim = "db.lck|elsewhere|4711|f." + object + ".1";
  plant(claim);
  const Result result = run({"clean", lockfile()});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "removed " + (directory() / claim).string())) << result.out;
  EXPECT_FALSE(exists(claim));
}

TEST_F(Clean, LeavesAloneWhatIsNotExactlyOurs) {
  const std::vector<std::string> foreign = {
      "db.lck|elsewhere|4711|8362738",                 // flufl.lock's
      "db.lck|elsewhere|4711|f." + object + ".1.bak",  // nearly ours
      "db.lck|elsewhere|4711|x." + object + ".1",      // an unknown kind
      "other.lck|elsewhere|4711|f." + object + ".1",   // of another lock
      "db.lck.txt",
      "precious",
      "|",
      "db.lck|",
  };
  for (const std::string& name : foreign) plant(name);
  const Result result = run({"clean", lockfile()});
  EXPECT_EQ(result.status, 0) << result.err;
  for (const std::string& name : foreign) EXPECT_TRUE(exists(name)) << name;
}

TEST_F(Clean, LeavesAloneWhatIsInUse) {
  Lock holder = held(lockfile());
  const std::vector<std::string> before = names();
  const Result result = run({"clean", lockfile()});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "kept")) << result.out;
  EXPECT_EQ(names(), before);
  EXPECT_NO_THROW(holder.refresh());
}

TEST_F(Clean, LeavesAloneSemaphoresAndSharedLocksInUse) {
  Semaphore semaphore(lockfile(), 2);
  semaphore.acquire();
  SharedLock shared((directory() / "config.rw").string());
  shared.lock_shared();
  const std::vector<std::string> before = names();
  const Result result = run({"clean", directory().string()});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(names(), before);
  EXPECT_NO_THROW(semaphore.refresh());
  EXPECT_NO_THROW(shared.refresh());
}

TEST_F(Clean, RemovesWhatIsLeftOfSemaphoresAndSharedLocksThatNobodyHolds) {
  Semaphore semaphore(lockfile(), 2);
  semaphore.acquire(2);
  semaphore.release();
  SharedLock shared((directory() / "config.rw").string());
  shared.lock_shared();
  shared.unlock_shared();
  const Result result = run({"clean", directory().string()});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "removed " + lockfile() + "|fence")) << result.out;
  EXPECT_TRUE(names().empty());
}

TEST_F(Clean, OfADirectoryCleansEveryLockInIt) {
  const std::string other = (directory() / "other.lck").string();
  ASSERT_EQ(run({"run", lockfile(), "true"}).status, 0);
  ASSERT_EQ(run({"run", other, "true"}).status, 0);
  plant("notes.txt");
  const Result result = run({"clean", directory().string()});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.out, lockfile())) << result.out;
  EXPECT_TRUE(contains(result.out, other)) << result.out;
  EXPECT_EQ(names(), std::vector<std::string>{"notes.txt"});
}

TEST_F(Clean, OfADirectoryWithoutLocksSaysSo) {
  const Result result = run({"clean", directory().string()});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "no locks")) << result.out;
}

TEST_F(Clean, IsSilentWhenQuiet) {
  ASSERT_EQ(run({"run", lockfile(), "true"}).status, 0);
  const Result result = run({"clean", "--quiet", lockfile(), directory().string()});
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.out + result.err, "");
  EXPECT_TRUE(names().empty());
}

TEST_F(Clean, GoesOnAfterALockThatCannotBeCleaned) {
  ASSERT_EQ(run({"run", lockfile(), "true"}).status, 0);
  const Result result = run({"clean", (directory() / "missing" / "x.lck").string(), lockfile()});
  EXPECT_EQ(result.status, 73);
  EXPECT_TRUE(contains(result.err, "missing")) << result.err;
  EXPECT_TRUE(names().empty());
}

}  // namespace
}  // namespace leaselock::cli_test
