#include "bond.hpp"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <system_error>

#include "exit_status.hpp"

namespace leaselock::tool {

Bond::Bond(bool with_control_group) : front_(getpid()), front_group_(getpgrp()) {
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::system_error(errno, std::system_category(), "cannot share memory");
  shared_ = new (memory) Shared{};
  set_nothing_due();
  if (with_control_group) control_group_.emplace();
}

Bond::~Bond() { munmap(shared_, sizeof(Shared)); }

void Bond::become_front() { prctl(PR_SET_CHILD_SUBREAPER, 1); }

void Bond::become_keeper() {
  // The kernel's watch is over the thread that forked, and the front has no other.
  prctl(PR_SET_PDEATHSIG, front_is_gone());
  if (getppid() != front_) _exit(exit_signal_base + SIGKILL);
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_NAME, "leaselock-keep");
  // A group of its own: what the terminal sends must not stop who refreshes the lock.
  setpgid(0, 0);
}

}  // namespace leaselock::tool
