#include "requirements.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <boost/process/search_path.hpp>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <vector>

namespace leaselock::cluster {
namespace {

struct Program {
  const char* name;
  const char* package;
};

constexpr Program programs[] = {
    {"linux.uml", "user-mode-linux"},
    {"modprobe", "kmod"},
    {"ip", "iproute2"},
    {"rpc.nfsd", "nfs-kernel-server"},
    {"mount.nfs", "nfs-common"},
    {"mkfs.ext4", "e2fsprogs"},
    {"rpcbind", "rpcbind"},
};
constexpr Program ganesha = {"ganesha.nfsd", "nfs-ganesha"};

bool is_installed(const char* name) {
  const std::vector<boost::filesystem::path> folders = {"/usr/sbin", "/usr/bin", "/sbin", "/bin"};
  return !boost::process::search_path(name, folders).empty();
}

/// Only then can mounts below it be kept from the rest of the machine.
bool root_is_a_mount_point() {
  struct statx root {};
  if (statx(AT_FDCWD, "/", 0, STATX_BASIC_STATS, &root) != 0) return true;
  const bool is_known = (root.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0;
  return !is_known || (root.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

}  // namespace

std::string missing_requirement(ServerKind server) {
  if (geteuid() != 0) return "needs root, for network devices and name spaces of its own";
  const int tun = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
  if (tun < 0) return std::string("needs /dev/net/tun: ") + std::strerror(errno);
  close(tun);
  if (!root_is_a_mount_point())
    return "needs a root directory that is a mount point; in a chroot, bind it to itself first";
  std::vector<Program> wanted(std::begin(programs), std::end(programs));
  if (server == ServerKind::ganesha) wanted.push_back(ganesha);
  for (const Program& program : wanted) {
    if (!is_installed(program.name)) return std::string("needs Debian's package ") + program.package;
  }
  return {};
}

}  // namespace leaselock::cluster
