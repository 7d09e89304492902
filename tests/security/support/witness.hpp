#pragma once

#include <sys/stat.h>

#include <boost/filesystem/path.hpp>
#include <cstdint>
#include <string>

namespace leaselock::testing {

/// Sets its modification time, in seconds since 1970. A failure ends the test's process.
void set_modified(const boost::filesystem::path& path, std::int64_t seconds);
/// When lock files were made that nobody owns any more; and the end of a lease that lasts longer than a test.
inline constexpr std::int64_t long_ago = 1'000'000'000;
std::int64_t far_ahead();

/// A file that belongs to somebody else: nothing that we do may change what is in it, its permissions, its owner or its
/// times, or take its own name away. Other names for it may come and go.
class Witness {
 public:
  /// Makes it, as old as a lock file that nobody owns any more.
  explicit Witness(boost::filesystem::path path, const std::string& contents = "precious");
  /// Adds a failure to the test for each thing that has changed.
  void expect_untouched() const;
  const boost::filesystem::path& path() const { return path_; }

 private:
  boost::filesystem::path path_;
  std::string contents_;
  struct stat before_ {};
};

}  // namespace leaselock::testing
