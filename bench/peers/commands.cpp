// Locks that are programs: each lock() and unlock() pays for a process, as in the scripts that use them.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <vector>

#include "peer.hpp"

namespace leaselock::bench {
namespace {

void run(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  if (::posix_spawnp(&child, arguments.front(), nullptr, nullptr, arguments.data(), ::environ) != 0) {
    throw std::runtime_error(words.front() + " cannot be started");
  }
  int status = 0;
  check(::waitpid(child, &status, 0), "waitpid");
  if (status != 0) throw std::runtime_error(words.front() + " failed");
}

/// procmail's, which sleeps whole seconds; 1 s is the least. Its manual takes the lock away with rm.
class ProcmailLockfile : public Peer {
 public:
  explicit ProcmailLockfile(const std::string& path) : path_(path) {}
  void lock() override { run({"lockfile", "-1", "-r", "-1", path_}); }
  void unlock() override { check(::unlink(path_.c_str()), "unlink"); }

 private:
  std::string path_;
};

class Dotlockfile : public Peer {
 public:
  explicit Dotlockfile(const std::string& path) : path_(path) {}
  void lock() override { run({"dotlockfile", "-r", "-1", path_}); }
  void unlock() override { run({"dotlockfile", "-u", path_}); }

 private:
  std::string path_;
};

/// util-linux's flock(1), with a descriptor as in its manual's shell script.
class FlockCommand : public Peer {
 public:
  explicit FlockCommand(const std::string& path) : file_(::open(path.c_str(), O_CREAT | O_RDWR, 0666)) {
    check(file_, "open");
  }
  ~FlockCommand() override { ::close(file_); }
  void lock() override { run({"flock", std::to_string(file_)}); }
  void unlock() override { run({"flock", "--unlock", std::to_string(file_)}); }

 private:
  int file_;
};

template <class Kind>
std::unique_ptr<Peer> make(const std::string& path) {
  return std::make_unique<Kind>(path);
}

const Registration procmail("procmail", make<ProcmailLockfile>);
const Registration dotlockfile("dotlockfile", make<Dotlockfile>);
const Registration flock_command("flock-command", make<FlockCommand>);

}  // namespace
}  // namespace leaselock::bench
