#include "posix/status.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>
#include <chrono>
#include <cstdint>

namespace leaselock::posix {

namespace {

protocol::FileKind kind_of(std::uint16_t mode) {
  if (S_ISREG(mode)) return protocol::FileKind::regular;
  if (S_ISDIR(mode)) return protocol::FileKind::directory;
  if (S_ISLNK(mode)) return protocol::FileKind::symlink;
  return protocol::FileKind::other;
}

/// A file's time may be anything that somebody has set. What lies before 1970 or so far ahead that a lease after it
/// could not be counted in nanoseconds any more is as good as the last moment that can: it is over, or it is not.
ServerTime to_time(const statx_timestamp& stamp) {
  constexpr std::int64_t latest = 8'600'000'000;  // the year 2242
  const std::int64_t seconds = stamp.tv_sec;
  if (seconds < 0) return ServerTime{};
  if (seconds >= latest) return ServerTime(std::chrono::seconds(latest));
  return ServerTime(std::chrono::seconds(seconds) + std::chrono::nanoseconds(stamp.tv_nsec));
}

}  // namespace

int look(int directory, const char* name, bool force, protocol::FileStatus& status) {
  const int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (*name == '\0' ? AT_EMPTY_PATH : 0) |
                    (force ? AT_STATX_FORCE_SYNC : AT_STATX_SYNC_AS_STAT);
  // The access time is left out: no decision needs it, and a server may have to work for it.
  constexpr unsigned wanted = STATX_BASIC_STATS & ~static_cast<unsigned>(STATX_ATIME | STATX_BLOCKS);
  struct statx found {};
  if (::statx(directory, name, flags, wanted, &found) != 0) return errno;
  status.kind = kind_of(found.stx_mode);
  status.device = ::makedev(found.stx_dev_major, found.stx_dev_minor);
  status.inode = found.stx_ino;
  status.mode = found.stx_mode & 07777U;
  status.owner = found.stx_uid;
  status.links = found.stx_nlink;
  status.size = found.stx_size;
  status.modified = to_time(found.stx_mtime);
  status.changed = to_time(found.stx_ctime);
  return 0;
}

timespec to_timespec(ServerTime time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch());
  timespec result{};
  result.tv_sec = static_cast<std::time_t>(whole.count());
  result.tv_nsec = static_cast<long>((time.time_since_epoch() - whole).count());
  return result;
}

}  // namespace leaselock::posix
