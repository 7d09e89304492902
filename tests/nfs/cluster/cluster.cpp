#include "cluster.hpp"

#include <boost/filesystem/operations.hpp>
#include <boost/filesystem/path.hpp>

#include "local_command.hpp"
#include "sandbox.hpp"

namespace leaselock::cluster {
namespace {

boost::filesystem::path make_disk() {
  const boost::filesystem::path image = scratch() / "disk";
  run_here({"truncate", "--size=512M", image.string()});
  run_here({"mkfs.ext4", "-q", "-F", image.string()});
  return image;
}

}  // namespace

Cluster::Cluster(std::size_t hosts, ServerKind kind)
    : kind_(kind), server_(std::make_unique<Host>(network_, server_number, "server", make_disk())) {
  server_->power_on();
  for (std::size_t index = 0; index < hosts; ++index) {
    const int number = static_cast<int>(index) + server_number + 1;
    hosts_.push_back(std::make_unique<Host>(network_, number, "host" + std::to_string(number)));
    hosts_.back()->power_on();
  }
  serve();
  for (const auto& host : hosts_) boot(*host);
}

void Cluster::serve() {
  server_->wait_until_up();
  server_->must_run({LEASELOCK_CLUSTER_NODE "/serve.sh", kind_ == ServerKind::kernel ? "kernel" : "ganesha"});
}

void Cluster::boot(Host& host) {
  if (!host.is_on()) host.power_on();
  host.wait_until_up();
  // What an NFSv3 mount needs for its locks, which flufl.lock and leaselock do not use but a default mount starts.
  host.must_run({"sh", "-c", "rpcbind && rpc.statd --no-notify"});
}

void Cluster::crash_and_restart_server() {
  server_->crash();
  server_->power_on();
  serve();
}

void Cluster::restart_service() {
  server_->must_run({"sh", "-c",
                     "rpc.nfsd 0 && rpc.nfsd --nfs-version 3 --nfs-version 4.0 --nfs-version 4.1 "
                     "--nfs-version 4.2 8"});
}

void Cluster::set_round_trip(std::chrono::microseconds time) {
  server_->set_link({time / 2});
  for (const auto& host : hosts_) host->set_link({time / 2});
}

}  // namespace leaselock::cluster
