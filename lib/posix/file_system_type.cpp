#include "posix/file_system_type.hpp"

#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

#include "posix/retry.hpp"

namespace leaselock::posix {

namespace {

// From linux/magic.h and, for ZFS and bcachefs, their own sources; spelled out since not every header has them all.
constexpr std::array<std::uint32_t, 8> kernels_own = {
    0xEF53,      // ext2, ext3, ext4
    0x58465342,  // XFS
    0x9123683E,  // Btrfs
    0x01021994,  // tmpfs
    0x858458F6,  // ramfs
    0xF2F52010,  // F2FS
    0x2FC12FC1,  // ZFS
    0xCA451A4E,  // bcachefs
};

// The root of containers: an upper directory serves one mount of one kernel only (kernel documentation, overlayfs.rst),
// so everybody who meets here has the same clock and the same cache. But it may lie over a network file system, and a
// file that is written to for the first time becomes another one, which record locks and watches do not follow.
constexpr std::uint32_t overlay = 0x794C7630;

}  // namespace

int file_system_type(int directory, FileSystemType& type) {
  struct statfs facts {};
  if (retry([&] { return ::fstatfs(directory, &facts); }) != 0) return errno;
  const auto magic = static_cast<std::uint32_t>(facts.f_type);
  type.wakes = std::find(kernels_own.begin(), kernels_own.end(), magic) != kernels_own.end();
  type.local = type.wakes || magic == overlay;
  if (facts.f_namelen > 0) type.name_max = static_cast<std::size_t>(facts.f_namelen);
  return 0;
}

}  // namespace leaselock::posix
