#pragma once

#include <sys/types.h>

#include <cstdint>

namespace leaselock::posix {

/// What is made for others to use is given, whatever the umask (LockOptions::permissions).
struct Permissions {
  std::uint32_t files = 0;  ///< permission bits of a file; a directory may be searched by those who may read it
  gid_t group = 0;          ///< of the lock's directory

  /// Gives an open file or directory that was just made these bits, and where its group may write, this group: another
  /// one must never be let in by mistake. Returns an errno value.
  int grant(int made) const;
};

}  // namespace leaselock::posix
