#pragma once

#include <cstddef>

namespace leaselock::posix {

/// What one fstatfs tells of the file system that a directory is on.
struct FileSystemType {
  /// Everybody who meets here has this kernel's clock: ext2/3/4, XFS, Btrfs, tmpfs, ramfs, F2FS, ZFS, bcachefs, and
  /// overlayfs. Whatever is not known counts as a network file system.
  bool local = false;
  /// Record locks exclude and inotify tells of everybody who can come here: the same, but not overlayfs.
  bool wakes = false;
  std::size_t name_max = 255;
};

/// Returns an errno value.
int file_system_type(int directory, FileSystemType& type);

}  // namespace leaselock::posix
