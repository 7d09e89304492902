#pragma once

#include <chrono>
#include <string>

namespace leaselock::nfs {

/// 32 contenders on 4 hosts, a round trip of 20 ms, holds of 1 s: once with Python's flufl.lock as shipped, once with
/// ours in each mode, at the same time in one cluster, on locks of their own.
struct StormResult {
  std::string table;       ///< in Markdown
  std::string complaints;  ///< about ours; flufl.lock is only watched
};
StormResult storm(std::chrono::seconds time, const std::string& version);

}  // namespace leaselock::nfs
