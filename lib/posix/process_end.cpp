#include "posix/process_end.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <limits>

#include "posix/process_facts.hpp"
#include "protocol/names.hpp"

namespace leaselock::posix {

namespace {

bool is_of_our_boot(const protocol::step::ProcessId& process) {
  const auto boot = boot_identity();
  return boot && protocol::short_hash(*boot) == process.boot;
}

}  // namespace

ProcessEnd::ProcessEnd(const protocol::step::ProcessId& process)
    : process_(process), is_ours_(is_of_our_boot(process)) {
  if (!is_ours_ || process.pid <= 0 || process.pid > std::numeric_limits<pid_t>::max()) return;
  // Not in Debian 12's C library for C++ programs. Closed on exec by itself. Where it fails, nothing is waited for.
  // Should the id belong to another process by now, has_come() says so when it is asked after this.
  handle_ = FileHandle(static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(process.pid), 0U)));
}

bool ProcessEnd::has_come() const {
  return is_ours_ && state_of(process_.start, process_.pid) == ports::ProcessState::gone;
}

}  // namespace leaselock::posix
