#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "leaselock/leaselock.hpp"
#include "support/child.hpp"
#include "support/modes.hpp"
#include "support/temporary_directory.hpp"

/// Python's flufl.lock, unmodified, in processes of its own: what the tests with it share.
namespace leaselock {

inline constexpr const char* python = "/usr/bin/python3";

inline bool has_flufl_lock() {
  static const bool found =
      ::access(python, X_OK) == 0 && testing::Child::executing({python, "-c", "import flufl.lock"}).wait() == 0;
  return found;
}

/// A process that does what peer.py is told.
inline testing::Child flufl_peer(const boost::filesystem::path& lockfile, int lifetime_s = 15, int slop_s = 10) {
  return testing::Child::executing(
      {python, INTEROP_PEER, lockfile.string(), std::to_string(lifetime_s), std::to_string(slop_s)});
}

class WithFluflLock : public ::testing::TestWithParam<Mode> {
 protected:
  void SetUp() override {
    if (!has_flufl_lock()) GTEST_SKIP() << "python3-flufl.lock is missing (" << python << ")";
  }

  LockOptions options(Duration lifetime = std::chrono::seconds(15)) const {
    LockOptions options;
    options.mode = GetParam();
    options.lifetime = lifetime;
    return options;
  }
  boost::filesystem::path path() const { return directory / "lock"; }

  const testing::TemporaryDirectory directory;
};

}  // namespace leaselock
