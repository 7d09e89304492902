// Goal: numbers and times at the ends of what can be written are refused or work; none runs over, and no lock is given
// out that could not be given back. Method: files that say such things are planted, as a broken clock or a hand would.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <limits>

#include "leaselock/leaselock.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock::faults {
namespace {

using namespace std::chrono_literals;
using testing::TemporaryDirectory;

constexpr const char* stranger = "elsewhere|4711|0123456789abcdef.1.00000000000000000000000000000001";

class Limits : public ::testing::Test {
 protected:
  Limits() {
    options.lifetime = 1s;
    options.stamp_error = 20ms;
    options.grace = 40ms;
    options.timeout = 5s;
  }

  void plant(const std::string& name) {
    boost::filesystem::create_directories((directory / name).parent_path());
    std::ofstream((directory / name).string());
  }
  /// False where the file system cannot store such a time.
  bool set_time(const std::string& name, std::int64_t seconds) {
    const timespec both[2] = {{seconds, 999'999'999}, {seconds, 999'999'999}};
    const std::string whole = (directory / name).string();
    struct stat now {};
    return ::utimensat(AT_FDCWD, whole.c_str(), both, 0) == 0 && ::stat(whole.c_str(), &now) == 0 &&
           now.st_mtim.tv_sec == seconds;
  }
  std::error_code try_to_lock(Lock& lock) {
    std::error_code error;
    lock.lock(0s, error);
    return error;
  }

  TemporaryDirectory directory;
  boost::filesystem::path path = directory / "lock";
  LockOptions options;
};

TEST_F(Limits, of_the_token_are_refused_or_leave_room_for_the_next) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  constexpr std::uint64_t far = 9'000'000'000'000'000;
  for (const std::uint64_t last :
       {far - 2, far - 1, far, far + 1, most / 2 - 1, most / 2, most / 2 + 1, most - 1, most}) {
    SCOPED_TRACE(last);
    boost::filesystem::remove_all(directory / "lock|fence");
    plant("lock|fence/b|0|" + std::to_string(last) + "|f|0|1000");
    Lock lock(path, options);
    std::uint64_t before = last;
    for (int cycle = 0; cycle < 4; ++cycle) {
      const std::error_code error = try_to_lock(lock);
      EXPECT_TRUE(!error || error == Errc::fence_damaged) << error.message();
      if (error) break;
      EXPECT_GT(*lock.fencing_token(), before);
      before = *lock.fencing_token();
      EXPECT_EQ(inspect(path, options).token, before) << "what was taken must be seen by others";
      EXPECT_NO_THROW(lock.refresh());
      EXPECT_NO_THROW(lock.unlock());
    }
    EXPECT_EQ(boost::filesystem::exists(path), false);
  }
}

TEST_F(Limits, of_an_expiry_are_refused_or_can_be_broken_by_force) {
  for (const std::string expiry : {"8999999999999", "9000000000000", "9000000000001", "9223372036854775807"}) {
    SCOPED_TRACE(expiry);
    boost::filesystem::remove_all(directory / "lock|fence");
    plant("lock|fence/b|0|17|h|" + expiry + "|18446744073709551615|1000|" + stranger);
    Lock lock(path, options);
    const std::error_code error = try_to_lock(lock);
    EXPECT_TRUE(error == Errc::timed_out || error == Errc::fence_damaged) << error.message();
    EXPECT_NO_THROW(inspect(path, options));
    if (error == Errc::fence_damaged) continue;
    EXPECT_TRUE(unsafe_break(path, options));
    EXPECT_EQ(try_to_lock(lock), std::error_code());
  }
}

TEST_F(Limits, of_a_lifetime_work_for_the_longest_and_refuse_longer_ones) {
  options.lifetime = 24h * 3660;
  Lock lock(path, options);
  lock.lock();
  lock.refresh();
  EXPECT_GT(lock.remaining(), 24h * 3600);
  EXPECT_GT(lock.expiration(), WallTime(std::chrono::system_clock::now()) + 24h * 3650);
  lock.unlock();
  lock.lock(Duration::max());
  lock.unlock();
  options.lifetime += 1ms;
  EXPECT_THROW(Lock(path, options), LockError);
}

/// Times that a file can have where the file system counts seconds in 64 bits.
class LimitsOfTime : public Limits, public ::testing::WithParamInterface<std::int64_t> {};

TEST_P(LimitsOfTime, of_a_lock_file_of_others) {
  const std::string claim = "lock|elsewhere|4711|123456";
  std::ofstream((directory / claim).string()) << (directory / claim).string();
  boost::filesystem::create_hard_link(directory / claim, path);
  if (!set_time(claim, GetParam())) GTEST_SKIP() << "this file system has no such time";
  for (const Mode mode : {Mode::fenced, Mode::compat}) {
    options.mode = mode;
    EXPECT_NO_THROW(inspect(path, options));
    Lock lock(path, options);
    const bool over = GetParam() < 1'000'000'000;
    EXPECT_EQ(try_to_lock(lock), over ? std::error_code() : make_error_code(Errc::timed_out));
  }
}

TEST_P(LimitsOfTime, of_a_readers_file) {
  options.timeout.reset();
  SharedLock reader(path, options);
  reader.lock_shared();
  std::string name;
  for (const std::string& each : directory.names()) {
    if (each.starts_with("lock|fence/r|")) name = each;
  }
  ASSERT_NE(name, "");
  if (!set_time(name, GetParam())) GTEST_SKIP() << "this file system has no such time";
  EXPECT_EQ(inspect(path, options).holders.size(), 1U);
  SharedLock writer(path, options);
  EXPECT_FALSE(writer.try_lock());
  EXPECT_TRUE(unsafe_break(path, options));
  EXPECT_TRUE(writer.try_lock());
}

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
INSTANTIATE_TEST_SUITE_P(, LimitsOfTime,
                         ::testing::Values(-most, -9'300'000'000, -1, 0, 8'999'999'999, 9'223'372'037, most));

}  // namespace
}  // namespace leaselock::faults
