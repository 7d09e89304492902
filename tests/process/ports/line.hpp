#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "steps.hpp"
#include "support/temporary_directory.hpp"

namespace leaselock::posix {

/// A gate, and who waits at it as the kernel tells.
class AGate : public ::testing::Test {
 protected:
  boost::filesystem::path file() const { return directory / "lock|gate"; }

  /// Requests for a lock on the file that stands at the name now which have to wait (proc(5), /proc/locks).
  std::size_t queued() const {
    struct stat status {};
    if (::stat(file().c_str(), &status) != 0) return 0;
    const std::string inode = ":" + std::to_string(status.st_ino) + " ";
    std::ifstream locks("/proc/locks");
    std::size_t count = 0;
    for (std::string line; std::getline(locks, line);) {
      const bool waits = line.find("->") != std::string::npos;
      if (waits && line.find(inode) != std::string::npos) ++count;
    }
    return count;
  }
  bool queue_becomes(std::size_t length) const {
    return comes_true([&] { return queued() == length; });
  }

  testing::TemporaryDirectory directory;
};

}  // namespace leaselock::posix
