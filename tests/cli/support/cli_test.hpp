#pragma once

#include <gtest/gtest.h>

#include <boost/filesystem/path.hpp>
#include <memory>
#include <string>
#include <vector>

#include "leaselock/lock.hpp"
#include "support/child.hpp"

namespace leaselock::cli_test {

using Words = std::vector<std::string>;

/// A fresh directory for locks and another one for everything else, both open to every user.
class CliTest : public ::testing::Test {
 protected:
  CliTest();
  ~CliTest() override;

  const boost::filesystem::path& directory() const { return directory_; }
  std::string lockfile() const { return (directory_ / "db.lck").string(); }
  /// A path outside the directory of the locks.
  std::string scratch(const std::string& name) const { return (scratch_ / name).string(); }

  /// Settings with the directory for outputs filled in.
  Settings settings() const;
  /// Runs the command to its end.
  Result run(const Words& words) const { return run(words, settings()); }
  Result run(const Words& words, const Settings& how) const { return Child(words, how).wait(); }
  std::unique_ptr<Child> start(const Words& words) const { return start(words, settings()); }
  std::unique_ptr<Child> start(const Words& words, const Settings& how) const {
    return std::make_unique<Child>(words, how);
  }

  /// Names in the directory of the locks, sorted.
  std::vector<std::string> names() const;
  /// Those of claims of db.lck.
  std::vector<std::string> claims() const;

 private:
  boost::filesystem::path directory_;
  boost::filesystem::path scratch_;
};

/// A lock held by the test itself.
Lock held(const std::string& lockfile, Duration lifetime = std::chrono::seconds(60), Mode mode = Mode::fenced);

/// A lock whose holder is dead: this process forgets it without releasing. It runs out after `lifetime`.
void leave_held(const std::string& lockfile, Duration lifetime, Mode mode = Mode::fenced);

bool contains(const std::string& text, const std::string& part);
std::size_t lines(const std::string& text);

}  // namespace leaselock::cli_test
