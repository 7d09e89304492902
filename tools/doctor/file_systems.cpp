#include "doctor/file_systems.hpp"

#include <array>
#include <string_view>

namespace leaselock::tool::doctor {

namespace {

struct Row {
  std::string_view key;
  std::string_view name;
  std::string_view remark;
  bool renames_atomically = true;
};

constexpr std::string_view shared_folder =
    "a folder of the virtual machine's host; who else may change it is not known";
constexpr std::string_view no_cluster_stamp = "every host stamps with its own clock";

constexpr std::array<Row, 25> types{{
    {"cifs", "SMB", "a touch is stamped by this host's clock, and hard links depend on the server"},
    {"smb3", "SMB", "a touch is stamped by this host's clock, and hard links depend on the server"},
    {"ceph", "CephFS", no_cluster_stamp},
    {"fuse.ceph", "CephFS (FUSE)", no_cluster_stamp},
    {"fuse.ceph-fuse", "CephFS (FUSE)", no_cluster_stamp},
    {"lustre", "Lustre", no_cluster_stamp},
    {"gpfs", "GPFS (Storage Scale)", "change times that another host caused may show late, and its clock made them"},
    {"ocfs2", "OCFS2", no_cluster_stamp},
    {"gfs2", "GFS2", no_cluster_stamp},
    {"beegfs", "BeeGFS", ""},
    {"fuse.glusterfs", "GlusterFS", "the servers of a volume stamp with their own clocks"},
    {"fuse.sshfs", "sshfs", "SFTP knows neither inode numbers nor change times; sshfs makes them up"},
    {"fuse.s3fs", "s3fs", "an object store: a rename is a copy and a removal", false},
    {"fuse.gcsfuse", "gcsfuse", "an object store: no hard links, and a rename of a directory is many requests"},
    {"fuse.rclone", "rclone", "an object store behind a cache on this host", false},
    {"fuse.blobfuse2", "blobfuse", "an object store: a rename is a copy and a removal", false},
    {"9p", "9p", shared_folder},
    {"virtiofs", "virtiofs", shared_folder},
    {"vboxsf", "VirtualBox shared folder", shared_folder},
    {"fuse.vmhgfs-fuse", "VMware shared folder", shared_folder},
    {"vfat", "FAT", "no hard links, and time stamps of two seconds"},
    {"exfat", "exFAT", "no hard links"},
    {"ntfs3", "NTFS", ""},
    {"afs", "AFS", ""},
    {"fuseblk", "FUSE on a local disk", ""},
}};

constexpr std::array<Row, 6> services{{
    {".efs.", "Amazon EFS", "its documentation: NFS 4.0 and 4.1, at most 177 hard links to a file"},
    {".fsx.", "Amazon FSx", "its documentation: NFS 3 to 4.2 for ONTAP and OpenZFS"},
    {".file.core.windows.net", "Azure Files", "its documentation: NFS 4.1 with hard links"},
    {".privatelink.file.core", "Azure Files", "its documentation: NFS 4.1 with hard links"},
    {".blob.core.windows.net", "Azure Blob Storage", "its documentation: NFS 3 without hard links and without locking"},
    {".nas.aliyuncs.com", "Alibaba Cloud NAS", "its documentation: at most 511 hard links to a file"},
}};

}  // namespace

KnownFileSystem known_file_system(const Mount& mount) {
  for (const Row& row : types) {
    if (mount.type == row.key) return {std::string(row.name), std::string(row.remark), row.renames_atomically};
  }
  if (mount.is_nfs()) return {"NFS " + mount.nfs_version(), ""};
  if (mount.type.starts_with("fuse")) {
    const std::string what = mount.type.size() > 5 ? mount.type.substr(5) : "unnamed";
    return {"FUSE (" + what + ")", "what a request means is up to a program on this host"};
  }
  return {mount.type.empty() ? "an unknown file system" : mount.type, ""};
}

KnownFileSystem known_service(const Mount& mount) {
  if (!mount.is_nfs()) return {};
  const std::string_view source = mount.source;
  const std::string_view server = source.substr(0, source.find(":/"));
  for (const Row& row : services) {
    if (server.find(row.key) != std::string_view::npos) return {std::string(row.name), std::string(row.remark)};
  }
  return {};
}

}  // namespace leaselock::tool::doctor
