#include "temporary_directory.hpp"

#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>

namespace leaselock::testing {

namespace fs = boost::filesystem;

namespace {

/// Containers often have an overlay at /tmp, which counts as a network file system and has leases of 5 s and more.
fs::path local_parent() {
  constexpr long overlay = 0x794C7630;
  const fs::path usual = fs::temp_directory_path();
  struct statfs facts {};
  const bool is_overlay = ::statfs(usual.c_str(), &facts) == 0 && facts.f_type == overlay;
  return is_overlay && ::access("/dev/shm", W_OK) == 0 ? fs::path("/dev/shm") : usual;
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() : path_(local_parent() / fs::unique_path("leaselock-test-%%%%%%%%%%%%%%%%")) {
  fs::create_directory(path_);
}

TemporaryDirectory::~TemporaryDirectory() {
  boost::system::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::vector<std::string> TemporaryDirectory::names() const {
  std::vector<std::string> found;
  for (fs::recursive_directory_iterator entry(path_), end; entry != end; ++entry) {
    found.push_back(entry->path().lexically_relative(path_).string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace leaselock::testing
