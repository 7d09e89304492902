#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem.hpp>
#include <cstdlib>
#include <sstream>
#include <thread>

#include "posix/posix_file_system.hpp"
#include "subject.hpp"

namespace leaselock::conformance {

namespace {

namespace fs = boost::filesystem;

class PosixSubject final : public Subject {
 public:
  explicit PosixSubject(const fs::path& parent) : directory_(parent / fs::unique_path("leaselock-test-%%%%%%%%%%%%")) {
    fs::create_directory(directory_);
  }
  ~PosixSubject() override {
    boost::system::error_code ignored;
    fs::remove_all(directory_, ignored);
  }

  std::unique_ptr<ports::FileSystem> client() override {
    return std::make_unique<posix::PosixFileSystem>(directory_.string());
  }

  bool plant(Obstacle obstacle, const std::string& name) override {
    const fs::path path = directory_ / name;
    switch (obstacle) {
      case Obstacle::symlink:
        fs::create_symlink(".", path);
        return true;
      case Obstacle::dangling_symlink:
        fs::create_symlink("nowhere", path);
        return true;
      case Obstacle::fifo:
        return ::mkfifo(path.c_str(), 0600) == 0;
    }
    return false;
  }

  void pass(Duration length) override { std::this_thread::sleep_for(length); }
  Duration granularity() const override { return Duration(1); }
  Duration tick() const override { return std::chrono::milliseconds(20); }

 private:
  fs::path directory_;
};

SubjectKind kind(const std::string& name, const fs::path& parent) {
  return {name, [parent] { return std::make_unique<PosixSubject>(parent); }};
}

}  // namespace

std::vector<SubjectKind> posix_subjects() {
  std::vector<SubjectKind> kinds = {kind("posix_temporary", fs::temp_directory_path())};
  if (::access("/dev/shm", W_OK) == 0) kinds.push_back(kind("posix_shared_memory", "/dev/shm"));
  if (const char* given = std::getenv("LEASELOCK_TEST_DIRECTORIES")) {
    std::istringstream directories(given);
    std::string directory;
    for (int number = 1; std::getline(directories, directory, ':'); ++number) {
      kinds.push_back(kind("posix_given_" + std::to_string(number), directory));
    }
  }
  return kinds;
}

}  // namespace leaselock::conformance
