#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace leaselock::tool {

/// What tells a process from every other one, of this host and of others, of today and of later.
struct ProcessIdentity {
  std::string boot;  ///< the kernel's boot and the name space in which ids are counted; empty: not known
  pid_t pid = 0;
  std::uint64_t start = 0;  ///< in clock ticks since boot; 0: not known
};

/// The calling process's.
ProcessIdentity own_identity();

/// It ran on this host, in our name space, and provably does not run any more.
bool is_gone(const ProcessIdentity& process);

}  // namespace leaselock::tool
