#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leaselock::tool::doctor {

/// A line of /proc/self/mountinfo (proc(5)).
struct Mount {
  std::string type;    ///< "nfs4", "ext4", "fuse.sshfs"; empty: not found
  std::string source;  ///< "server:/export"
  std::string point;
  std::vector<std::string> options;  ///< of the mount and of the file system

  bool has(std::string_view option) const;
  /// What stands behind "key=".
  std::optional<std::string> value(std::string_view key) const;
  bool is_nfs() const { return type == "nfs" || type == "nfs4"; }
  /// "4.1", "3"; empty where it is no NFS or does not say.
  std::string nfs_version() const;
};

/// The mount with this id in the text of /proc/self/mountinfo; one without a type when there is none.
Mount parse_mount(std::string_view mountinfo, int id);

/// The mount that an open directory is on; one without a type when /proc does not tell.
Mount mount_of(int directory);

}  // namespace leaselock::tool::doctor
