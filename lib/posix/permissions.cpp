#include "posix/permissions.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

namespace leaselock::posix {

int Permissions::grant(int made) const {
  struct stat facts {};
  if (::fstat(made, &facts) != 0) return errno;
  // Where everybody may do the same it does not matter which group it is.
  const bool shared = ((files >> 3U) & ~files & 7U) != 0;
  if (shared && facts.st_gid != group && ::fchown(made, static_cast<uid_t>(-1), group) != 0) return errno;
  const mode_t search = S_ISDIR(facts.st_mode) ? (files & 0444U) >> 2U : 0;
  // A directory's bit that hands its group on to what is made in it must survive.
  const mode_t wanted = (facts.st_mode & (S_ISUID | S_ISGID | S_ISVTX)) | files | search;
  if ((facts.st_mode & 07777U) != wanted && ::fchmod(made, wanted) != 0) return errno;
  return 0;
}

}  // namespace leaselock::posix
