#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "host.hpp"
#include "network.hpp"
#include "server_kind.hpp"

namespace leaselock::cluster {

/// An NFS server and some client hosts, each with a kernel of its own. Must be made inside run_in_sandbox().
class Cluster {
 public:
  /// Returns when the server serves and every host takes commands.
  explicit Cluster(std::size_t hosts, ServerKind kind = ServerKind::kernel);

  ServerKind kind() const { return kind_; }
  Host& server() { return *server_; }
  Host& host(std::size_t index) { return *hosts_[index]; }
  std::size_t size() const { return hosts_.size(); }

  /// Ready for mounts: also after a crash, which loses all of a host but its name and addresses.
  void boot(Host& host);
  /// The server loses power and comes back over the same disk.
  void crash_and_restart_server();
  /// The kernel's NFS service (not Ganesha) stops and starts: every connection breaks, what was executed but not yet
  /// answered stays executed, and the memory of what was answered is lost. The nearest thing to losing replies over
  /// TCP.
  void restart_service();

  /// The same delay on every host, so that a round trip takes as long as that plus what the machine needs.
  void set_round_trip(std::chrono::microseconds time);

 private:
  void serve();

  ServerKind kind_;
  Network network_;
  std::unique_ptr<Host> server_;
  std::vector<std::unique_ptr<Host>> hosts_;
};

}  // namespace leaselock::cluster
