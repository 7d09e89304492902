#include "support/cli_test.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <stdexcept>

namespace leaselock::cli_test {

namespace fs = boost::filesystem;

namespace {

fs::path fresh_directory() {
  std::string path = (fs::temp_directory_path() / "leaselock-cli-XXXXXX").string();
  if (mkdtemp(path.data()) == nullptr) throw std::runtime_error("cannot make a temporary directory");
  chmod(path.c_str(), 0777);
  return path;
}

}  // namespace

CliTest::CliTest() : directory_(fresh_directory()), scratch_(fresh_directory()) {}

CliTest::~CliTest() {
  boost::system::error_code ignored;
  fs::remove_all(directory_, ignored);
  fs::remove_all(scratch_, ignored);
}

Settings CliTest::settings() const {
  Settings result;
  result.directory = scratch_.string();
  return result;
}

std::vector<std::string> CliTest::names() const {
  std::vector<std::string> result;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory_)) {
    const std::string name = entry.path().filename().string();
    // Where somebody waited; it stays as long as the lock does.
    if (!name.ends_with("|gate")) result.push_back(name);
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<std::string> CliTest::claims() const {
  std::vector<std::string> result = names();
  std::erase_if(result, [](const std::string& name) { return std::count(name.begin(), name.end(), '|') != 3; });
  return result;
}

Lock held(const std::string& lockfile, Duration lifetime, Mode mode) {
  LockOptions options;
  options.lifetime = lifetime;
  options.mode = mode;
  Lock lock(lockfile, options);
  lock.lock();
  return lock;
}

void leave_held(const std::string& lockfile, Duration lifetime, Mode mode) {
  const pid_t child = fork();
  if (child == 0) {
    const Lock lock = held(lockfile, lifetime, mode);
    _exit(0);  // without destructors: nothing is released
  }
  int status = 0;
  if (waitpid(child, &status, 0) != child || status != 0) throw std::runtime_error("the holder failed");
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace leaselock::cli_test
