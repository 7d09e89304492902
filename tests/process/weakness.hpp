#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>

#include "leaselock/leaselock.hpp"
#include "support/child.hpp"
#include "support/modes.hpp"
#include "support/temporary_directory.hpp"

/// What is known to go wrong with lock files made of hard links does not go wrong here: one test or more for each known
/// weakness of flufl.lock, W1 to W20 (docs/rationale.md lists them), against real files.
namespace leaselock {

inline timespec mtime_of(const boost::filesystem::path& path) {
  struct stat facts {};
  EXPECT_EQ(::lstat(path.c_str(), &facts), 0) << path;
  return facts.st_mtim;
}

inline bool same(const timespec& a, const timespec& b) { return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec; }

inline ino_t inode_of(const boost::filesystem::path& path) {
  struct stat facts {};
  return ::lstat(path.c_str(), &facts) == 0 ? facts.st_ino : 0;
}

inline std::string contents_of(const boost::filesystem::path& path) {
  std::ifstream file(path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A file as a flufl.lock process of long ago would have left it at the lock path.
inline void plant(const boost::filesystem::path& path, const std::string& contents) {
  std::ofstream(path.string()) << contents;
  const timespec long_ago[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), long_ago, 0), 0);
}

class Weakness : public ::testing::TestWithParam<Mode> {
 protected:
  LockOptions options() const {
    LockOptions options;
    options.mode = GetParam();
    return options;
  }
  LockOptions options(Duration lifetime) const {
    LockOptions options = this->options();
    options.lifetime = lifetime;
    return options;
  }
  boost::filesystem::path path() const { return directory / "lock"; }
  /// A process that takes the lock and keeps it until it is told to let go.
  testing::Child holder(const LockOptions& options) const {
    testing::Child child = testing::Child::running([this, options](testing::Channel& channel) {
      Lock lock(path(), options);
      lock.lock();
      channel.say("holding");
      channel.hear(std::chrono::hours(1));
      lock.unlock();
      channel.say("unlocked");
    });
    EXPECT_EQ(child.hear(), "holding");
    return child;
  }

  testing::TemporaryDirectory directory;
};

}  // namespace leaselock
