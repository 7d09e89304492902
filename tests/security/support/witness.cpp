#include "witness.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <ctime>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace leaselock::testing {

namespace {

std::string contents_of(const boost::filesystem::path& path) {
  std::ifstream file(path.string(), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

void set_modified(const boost::filesystem::path& path, std::int64_t seconds) {
  const timespec both[2] = {{seconds, 0}, {seconds, 0}};
  if (::utimensat(AT_FDCWD, path.c_str(), both, 0) != 0)
    throw std::runtime_error("cannot set the time of " + path.string());
}

std::int64_t far_ahead() { return std::time(nullptr) + 3600; }

Witness::Witness(boost::filesystem::path path, const std::string& contents)
    : path_(std::move(path)), contents_(contents) {
  std::ofstream(path_.string(), std::ios::binary) << contents_;
  set_modified(path_, long_ago);
  EXPECT_EQ(::chmod(path_.c_str(), 0640), 0) << path_;
  EXPECT_EQ(::lstat(path_.c_str(), &before_), 0) << path_;
}

void Witness::expect_untouched() const {
  struct stat now {};
  ASSERT_EQ(::lstat(path_.c_str(), &now), 0) << path_ << " is gone";
  EXPECT_EQ(now.st_ino, before_.st_ino) << path_ << " is another file";
  EXPECT_EQ(contents_of(path_), contents_) << path_;
  EXPECT_EQ(now.st_mode, before_.st_mode) << path_;
  EXPECT_EQ(now.st_uid, before_.st_uid) << path_;
  EXPECT_EQ(now.st_mtim.tv_sec, before_.st_mtim.tv_sec) << path_;
  EXPECT_EQ(now.st_mtim.tv_nsec, before_.st_mtim.tv_nsec) << path_;
}

}  // namespace leaselock::testing
