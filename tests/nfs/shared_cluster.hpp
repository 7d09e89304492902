#pragma once

#include <boost/filesystem/path.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "cluster/cluster.hpp"

namespace leaselock::nfs {

inline constexpr std::size_t cluster_hosts = 4;

/// The protocol versions that every promise is tested with.
const std::vector<std::string>& nfs_versions();

/// A way to mount the export. `twin` is the default one mounted a second time with a cache of its own.
struct MountKind {
  std::string name;
  std::string options;
};
const std::vector<MountKind>& mount_kinds();

/// Before the cluster is first asked for; the kernel's unless chosen.
void choose_server(cluster::ServerKind server);
/// How many hosts it has; cluster_hosts unless chosen.
void choose_size(std::size_t hosts);
/// The cluster that all tests of a program share; booted when first asked for.
cluster::Cluster& shared_cluster();
void shut_down_cluster();

/// The directory under which a host sees the export so mounted; mounts it when first asked for. A host that was crashed
/// has lost its mounts: call forget_mounts(host) then.
boost::filesystem::path mounted(std::size_t host, const std::string& version, const MountKind& kind);
void forget_mounts(std::size_t host);

/// Makes a new directory in the export and returns its name there.
std::string make_directory(const std::string& purpose);

}  // namespace leaselock::nfs
