// Goal: who watches a lock sees each step of the protocol with its outcome, and each wait with what is known.
// Method: the observers of LockOptions on real files.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "leaselock/leaselock.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock {
namespace {

using namespace std::chrono_literals;
using testing::TemporaryDirectory;

bool shows(const std::vector<std::string>& lines, const std::string& start, const std::string& end) {
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
    return line.starts_with(start) && line.find(": " + end) != std::string::npos;
  });
}

TEST(ATrace, of_a_warm_lock_and_unlock_has_a_line_for_each_of_its_four_steps) {
  const TemporaryDirectory directory;
  std::vector<std::string> lines;
  LockOptions options;
  options.on_trace = [&](const std::string& line) { lines.push_back(line); };
  Lock lock(directory / "lock", options);
  lock.lock();
  lock.unlock();
  lines.clear();
  lock.lock();
  lock.unlock();
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_TRUE(lines[0].starts_with("rename fence/b|0|")) << lines[0];
  EXPECT_TRUE(lines[0].ends_with(": ok")) << lines[0];
  EXPECT_TRUE(lines[1].starts_with("link lock_directory/lock|")) << lines[1];
  EXPECT_TRUE(lines[1].ends_with(" links 2")) << lines[1];
  EXPECT_EQ(lines[2], "unlink lock_directory/lock: ok");
  EXPECT_TRUE(lines[3].starts_with("rename fence/b|0|")) << lines[3];
}

TEST(ATrace, tells_what_failed_and_why) {
  const TemporaryDirectory directory;
  std::vector<std::string> lines;
  LockOptions options;
  options.on_trace = [&](const std::string& line) { lines.push_back(line); };
  Lock lock(directory / "missing" / "lock", options);
  std::error_code error;
  lock.lock(error);
  EXPECT_EQ(error, std::errc::no_such_file_or_directory);
  EXPECT_TRUE(shows(lines, "open lock_directory", "No such file or directory"));
}

TEST(AWait, shows_who_holds_the_lock_and_how_long_one_will_wait) {
  const TemporaryDirectory directory;
  Lock holder(directory / "lock");
  holder.lock();
  std::vector<Waiting> waits;
  LockOptions options;
  options.on_wait = [&](const Waiting& waiting) { waits.push_back(waiting); };
  Lock waiter(directory / "lock", options);
  EXPECT_FALSE(waiter.try_lock_for(50ms));
  ASSERT_FALSE(waits.empty());
  for (const Waiting& wait : waits) {
    ASSERT_TRUE(wait.remaining);
    EXPECT_LE(*wait.remaining, 50ms);
    ASSERT_TRUE(wait.holder);
    EXPECT_EQ(wait.holder->pid, ::getpid());
    EXPECT_EQ(wait.holder->token, holder.fencing_token());
  }
  EXPECT_LE(waits.front().waited, waits.back().waited);
}

}  // namespace
}  // namespace leaselock
