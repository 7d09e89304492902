#pragma once

#include <cstddef>

namespace leaselock::posix {

/// What one fstatfs tells of the file system that a directory is on.
struct FileSystemType {
  /// Only this kernel can change it: ext2/3/4, XFS, Btrfs, tmpfs, ramfs, F2FS, ZFS, bcachefs. Whatever is not known
  /// counts as a network file system, overlayfs too, for it may lie over one.
  bool local = false;
  std::size_t name_max = 255;
};

/// Returns an errno value.
int file_system_type(int directory, FileSystemType& type);

}  // namespace leaselock::posix
