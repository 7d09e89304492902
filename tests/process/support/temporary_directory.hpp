#pragma once

#include <boost/filesystem.hpp>
#include <string>
#include <vector>

namespace leaselock::testing {

/// A directory of its own on a local file system, removed at the end with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const boost::filesystem::path& path() const { return path_; }
  boost::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  /// Everything in it, sorted, as paths relative to it.
  std::vector<std::string> names() const;

 private:
  boost::filesystem::path path_;
};

}  // namespace leaselock::testing
