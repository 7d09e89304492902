#include "replace_file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <boost/filesystem.hpp>
#include <fstream>

#include "file_descriptor.hpp"

// Goal: a file is replaced as a whole, and what stands in the way is left as it is. Method: called directly.
namespace leaselock::tool {
namespace {

namespace fs = boost::filesystem;

class ReplaceFile : public ::testing::Test {
 protected:
  ReplaceFile() { fs::create_directory(place_); }
  ~ReplaceFile() override { fs::remove_all(place_); }

  std::error_code replace() const {
    const Descriptor directory(::open(place_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    return replace_file(directory.get(), "temporary", "file", "text");
  }
  std::string contents(const std::string& name) const {
    std::ifstream file((place_ / name).string());
    return {std::istreambuf_iterator<char>(file), {}};
  }

  fs::path place_ = fs::temp_directory_path() / fs::unique_path("leaselock-replace-%%%%%%%%");
};

TEST_F(ReplaceFile, LeavesTheFileAndNothingElse) {
  EXPECT_FALSE(replace());
  EXPECT_EQ(contents("file"), "text");
  EXPECT_FALSE(fs::exists(place_ / "temporary"));
}

TEST_F(ReplaceFile, WritesIntoNothingThatStandsAtTheTemporaryName) {
  std::ofstream((place_ / "precious").string()) << "precious";
  fs::create_hard_link(place_ / "precious", place_ / "temporary");
  EXPECT_EQ(replace(), std::errc::file_exists);
  EXPECT_EQ(contents("precious"), "precious");
  fs::remove(place_ / "temporary");
  fs::create_symlink(place_ / "absent", place_ / "temporary");
  EXPECT_EQ(replace(), std::errc::file_exists);
  EXPECT_FALSE(fs::exists(place_ / "absent")) << "nothing is made through a link";
  EXPECT_FALSE(fs::exists(place_ / "file"));
}

}  // namespace
}  // namespace leaselock::tool
