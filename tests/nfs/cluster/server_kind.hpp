#pragma once

namespace leaselock::cluster {

/// Which NFS server runs on the server's host: the kernel's nfsd, or Ganesha, which is a process and shares no code
/// with it.
enum class ServerKind { kernel, ganesha };

}  // namespace leaselock::cluster
