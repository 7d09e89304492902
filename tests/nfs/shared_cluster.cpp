#include "shared_cluster.hpp"

#include <map>
#include <memory>
#include <set>

namespace leaselock::nfs {
namespace {

cluster::ServerKind server_kind = cluster::ServerKind::kernel;
std::size_t size = cluster_hosts;
std::unique_ptr<cluster::Cluster> the_cluster;
std::map<std::size_t, std::set<std::string>> mounts_of;
int directories_made = 0;

}  // namespace

const std::vector<std::string>& nfs_versions() {
  static const std::vector<std::string> versions = {"3", "4.0", "4.1", "4.2"};
  return versions;
}

const std::vector<MountKind>& mount_kinds() {
  static const std::vector<MountKind> kinds = {{"default", ""},
                                               {"nolock", "nolock"},
                                               {"actimeo60", "actimeo=60"},
                                               {"nolookupcache", "lookupcache=none"},
                                               {"twin", "nosharecache"}};
  return kinds;
}

void choose_server(cluster::ServerKind server) { server_kind = server; }
void choose_size(std::size_t hosts) { size = hosts; }

cluster::Cluster& shared_cluster() {
  if (!the_cluster) the_cluster = std::make_unique<cluster::Cluster>(size, server_kind);
  return *the_cluster;
}

void shut_down_cluster() { the_cluster.reset(); }

boost::filesystem::path mounted(std::size_t host, const std::string& version, const MountKind& kind) {
  const std::string name = "v" + version + "-" + kind.name;
  if (mounts_of[host].insert(name).second) {
    return shared_cluster().host(host).mount(shared_cluster().server(), name, version, kind.options);
  }
  return "/run/mnt/" + name;
}

void forget_mounts(std::size_t host) { mounts_of.erase(host); }

std::string make_directory(const std::string& purpose) {
  const std::string name = purpose + "-" + std::to_string(++directories_made);
  // Flushed, since it must outlive a crash of the server as all that is done over NFS does.
  shared_cluster().server().must_run({"sh", "-c", "mkdir -m 1777 \"$0\" && sync", "/run/disk/export/" + name});
  return name;
}

}  // namespace leaselock::nfs
