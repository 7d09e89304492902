#pragma once

#include <string>

#include "doctor/mount.hpp"

namespace leaselock::tool::doctor {

/// What is known of a kind of file system without asking it.
struct KnownFileSystem {
  std::string name;                ///< "SMB", "Lustre", "FUSE (sshfs)"; the kernel's word where we have none
  std::string remark;              ///< what its own documentation says that matters to locks; may be empty
  bool renames_atomically = true;  ///< as far as its documentation says
};

KnownFileSystem known_file_system(const Mount& mount);

/// The storage service that an NFS server's name gives away; an empty name when none.
KnownFileSystem known_service(const Mount& mount);

}  // namespace leaselock::tool::doctor
