#include "container.hpp"

#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace leaselock::testing {

namespace {

constexpr int name_spaces = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS;

void must(int outcome, const char* what) {
  if (outcome == -1) throw std::runtime_error(std::string("cannot ") + what);
}

/// Impossible after chroot(2) into a directory that is no mount point.
void keep_mounts() { must(::mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "keep mounts to the container"); }

void furnish(const ContainerOptions& options) {
  keep_mounts();
  must(::sethostname(options.host.c_str(), options.host.size()), "name the container");
  if (!options.outer_proc) must(::mount("proc", "/proc", "proc", 0, options.proc_options.c_str()), "mount /proc");
}

/// The first process of the container.
[[noreturn]] void be_first(const std::function<void(Channel&)>& body, Channel& channel,
                           const ContainerOptions& options) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  try {
    furnish(options);
    body(channel);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "in a container: %s\n", error.what());
    ::_exit(99);
  }
  ::_exit(0);
}

}  // namespace

bool containers_can_be_made() {
  const auto try_it = [](Channel&) {
    must(::unshare(name_spaces), "make name spaces");
    keep_mounts();
  };
  return Child::running(try_it).wait() == 0;
}

Child in_container(const std::function<void(Channel&)>& body, const ContainerOptions& options) {
  return Child::running([&](Channel& channel) {
    must(::unshare(name_spaces), "make name spaces");
    const pid_t first = ::fork();
    must(first, "fork");
    if (first == 0) be_first(body, channel, options);
    int status = 0;
    ::waitpid(first, &status, 0);
    ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 98);
  });
}

void choose_next_pid(pid_t pid) {
  std::ofstream last("/proc/sys/kernel/ns_last_pid");
  last << pid - 1 << std::flush;
  if (!last) throw std::runtime_error("cannot choose process ids");
}

}  // namespace leaselock::testing
