#pragma once

#include <memory>
#include <optional>
#include <string>

#include "leaselock/options.hpp"

namespace leaselock::tool {

/// Keeps a file that tells Prometheus of one run, as node_exporter's textfile collector reads it. A thread of its own
/// writes it, each time under another name that is then renamed: at once, at each change, and every ten seconds, which
/// shows that the run is alive. What keeps it from being written is said once, and harms nothing else.
class MetricsFile {
 public:
  MetricsFile(const std::string& file, const std::string& lockfile);
  /// As finish(), without a status.
  ~MetricsFile();
  MetricsFile(const MetricsFile&) = delete;
  MetricsFile& operator=(const MetricsFile&) = delete;

  /// Makes the lock of these options tell; who listens already goes on to be told.
  void watch(LockOptions& options);

  /// Writes the file for the last time, and waits for that at most two seconds: its file system may hang, too.
  void finish(std::optional<int> exit_status);

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;  ///< the thread's as well, which may outlive us
};

}  // namespace leaselock::tool
