#include "sandbox.hpp"

#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <iostream>
#include <string>
#include <system_error>

namespace leaselock::cluster {
namespace {

namespace fs = boost::filesystem;

const std::string group_prefix = "leaselock-cluster-";
std::string group_name;

void check(int result, const char* what) {
  if (result != 0) throw std::system_error(errno, std::generic_category(), what);
}

/// Control groups are the only thing that outlives a sandbox; a killed run's are removed by the next one.
void sweep_control_groups(const fs::path& root) {
  for (const fs::directory_entry& entry : fs::directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind(group_prefix, 0) != 0) continue;
    pid_t owner = 0;
    const char* const end = name.data() + name.size();
    if (std::from_chars(name.data() + group_prefix.size(), end, owner).ptr != end || kill(owner, 0) == 0) continue;
    boost::system::error_code in_use;
    for (const fs::directory_entry& child : fs::directory_iterator(entry.path())) {
      if (fs::is_directory(child.path())) fs::remove(child.path(), in_use);
    }
    fs::remove(entry.path(), in_use);
  }
}

void mount_own_file_systems(const fs::path& groups) {
  check(mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "making mounts private");
  check(mount("leaselock", LEASELOCK_CLUSTER_SCRATCH, "tmpfs", 0, "mode=755"), "mount tmpfs");
  fs::create_directory(groups);
  check(mount("none", groups.c_str(), "cgroup2", 0, nullptr), "mount cgroup2");
}

int run_as_first_process(const std::function<int()>& body) {
  try {
    check(prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
    fs::create_directory(control_group());
    check(mount("proc", "/proc", "proc", 0, nullptr), "mount /proc");
    return body();
  } catch (const std::exception& error) {
    std::cerr << "cluster: " << error.what() << '\n';
    return 1;
  }
}

}  // namespace

const fs::path& scratch() {
  static const fs::path path = LEASELOCK_CLUSTER_SCRATCH;
  return path;
}

fs::path control_group() { return scratch() / "groups" / group_name; }

int run_in_sandbox(const std::function<int()>& body) {
  group_name = group_prefix + std::to_string(getpid());
  fs::create_directories(scratch());
  check(unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID), "unshare");
  mount_own_file_systems(scratch() / "groups");
  sweep_control_groups(scratch() / "groups");
  const pid_t first = fork();
  if (first < 0) check(-1, "fork");
  if (first == 0) {
    const int status = run_as_first_process(body);
    std::cout.flush();
    _exit(status);
  }
  int status = 0;
  while (waitpid(first, &status, 0) < 0 && errno == EINTR) continue;
  // Every process of the sandbox is dead by now, so its groups can go.
  boost::system::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(control_group(), ignored)) {
    if (fs::is_directory(entry.path())) fs::remove(entry.path(), ignored);
  }
  fs::remove(control_group(), ignored);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace leaselock::cluster
