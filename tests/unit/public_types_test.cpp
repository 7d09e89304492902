#include "leaselock/leaselock.hpp"

#include <gtest/gtest.h>

#include <boost/filesystem/operations.hpp>
#include <set>

#include "support/bench_lock.hpp"

/// What the public types promise beside the lock itself: tokens, options, errors, guards, times.
namespace leaselock::test {
namespace {

using namespace std::chrono_literals;
namespace fs = boost::filesystem;

TEST(FencingTokens, grow_with_every_hold_and_are_not_dense) {
  const TemporaryDirectory directory;
  Lock lock(directory.path() / "L");
  FencingToken last = 0;
  for (int i = 0; i < 50; ++i) {
    lock.lock();
    ASSERT_TRUE(lock.fencing_token());
    EXPECT_GT(*lock.fencing_token(), last);
    last = *lock.fencing_token();
    if (i % 10 == 9) {
      lock.destroy();
    } else {
      lock.unlock();
    }
    EXPECT_FALSE(lock.fencing_token());
  }
  EXPECT_GT(last, 50U);
}

TEST(FencingTokens, do_not_exist_in_compat_mode) {
  const TemporaryDirectory directory;
  LockOptions options;
  options.mode = Mode::compat;
  Lock lock(directory.path() / "L", options);
  lock.lock();
  EXPECT_FALSE(lock.fencing_token());
}

TEST(Options, that_make_no_sense_are_refused_with_the_reason) {
  const auto reason = [](const fs::path& path, const LockOptions& options) -> std::string {
    try {
      Lock lock(path, options);
    } catch (const LockError& error) {
      EXPECT_EQ(error.code(), Errc::invalid_options);
      return error.what();
    }
    return "accepted";
  };
  EXPECT_NE(reason("/tmp/", {}).find("file name"), std::string::npos);
  LockOptions options;
  options.lifetime = Duration::zero();
  EXPECT_NE(reason("L", options).find("lifetime"), std::string::npos);
  options.lifetime = std::chrono::hours(24 * 4000);
  EXPECT_NE(reason("L", options).find("ten years"), std::string::npos);
  options = {};
  for (const char* separator : {"", "a", "1", ".", "/", " ", "~"}) {
    options.separator = separator;
    EXPECT_NE(reason("L", options).find("separator"), std::string::npos) << separator;
  }
  options = {};
  for (const char* name : {"x|gate", "|", "x|", "|x", "L|host|1|99"})
    EXPECT_NE(reason(name, options).find("may not contain the separator '|'"), std::string::npos) << name;
  options.separator = "--";
  EXPECT_NE(reason("x--y", options).find("separator '--'"), std::string::npos);
  EXPECT_NE(reason("x-", options).find("separator '--'"), std::string::npos);
  EXPECT_EQ(reason("x-y|gate", options), "accepted");
  options = {};
  options.stamp_error = 2s;
  options.grace = 1s;
  EXPECT_NE(reason("L", options).find("grace"), std::string::npos);
  options = {};
  options.drift_ppm = -1;
  EXPECT_NE(reason("L", options).find("drift_ppm"), std::string::npos);
  EXPECT_EQ(reason("L", {}), "accepted");
}

TEST(Errors, each_say_something_of_their_own) {
  std::set<std::string> messages;
  for (int code = 1; code <= static_cast<int>(Errc::cancelled); ++code) {
    messages.insert(lock_category().message(code));
  }
  EXPECT_EQ(messages.size(), static_cast<std::size_t>(Errc::cancelled));
  EXPECT_FALSE(messages.contains("unknown lock error"));
  EXPECT_STREQ(lock_category().name(), "leaselock");
}

TEST(Errors, of_a_missing_directory_say_what_to_do) {
  Lock lock("/nonexistent/directory/L");
  try {
    lock.lock();
    FAIL();
  } catch (const LockError& error) {
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
    EXPECT_NE(std::string(error.what()).find("/nonexistent/directory"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("create it"), std::string::npos);
  }
}

TEST(Names, too_long_are_refused_before_anything_is_written) {
  const TemporaryDirectory directory;
  Lock lock(directory.path() / std::string(230, 'n'));
  std::error_code error;
  lock.lock(error);
  EXPECT_EQ(error, Errc::name_too_long);
  EXPECT_TRUE(fs::is_empty(directory.path()));
}

TEST(Guards, survive_a_lost_lease) {
  const TemporaryDirectory directory;
  Lock lock(directory.path() / "L");
  {
    const Guard guard(lock);
    EXPECT_TRUE(guard.may_act());
    unsafe_break(directory.path() / "L");
    std::error_code error;
    lock.refresh(error);
    EXPECT_EQ(error, Errc::lease_lost);
    EXPECT_FALSE(guard.may_act());
  }
  Guard guard(lock);
  unsafe_break(directory.path() / "L");
  std::error_code error;
  lock.refresh(error);
  EXPECT_THROW(guard.release(), NotLockedError);
}

TEST(Times, are_shown_in_the_local_zone_and_in_utc) {
  const WallTime time{std::chrono::milliseconds(1795248290429)};
  EXPECT_EQ(format_time_utc(time), "2026-11-21T08:04:50.429Z");
  ::setenv("TZ", "UTC-5:30", 1);
  ::tzset();
  EXPECT_EQ(format_time(time), "2026-11-21 13:34:50.429 +0530");
  ::setenv("TZ", "UTC+8", 1);
  ::tzset();
  EXPECT_EQ(format_time(time), "2026-11-21 00:04:50.429 -0800");
  ::unsetenv("TZ");
  ::tzset();
}

TEST(Times, as_lengths_are_short) {
  EXPECT_EQ(format_duration(250ms), "250ms");
  EXPECT_EQ(format_duration(14250ms), "14.2s");
  EXPECT_EQ(format_duration(185s), "3m05s");
  EXPECT_EQ(format_duration(130min), "2h10m");
  EXPECT_EQ(format_duration(76h), "3d04h");
  EXPECT_EQ(format_duration(-5s), "-5.0s");
}

}  // namespace
}  // namespace leaselock::test
