#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulated_server.hpp"

namespace leaselock::sim {

/// Looks at the plain truth on the server, which no process can: files that must not change, the lock file of somebody
/// who holds, whether a hold that was reported lost really was.
class DiskChecker {
 public:
  explicit DiskChecker(std::string base) : base_(std::move(base)) {}

  /// From now on this file must stay as it is.
  void protect(const SimulatedServer& server, const std::string& name);
  void release(const std::string& name);
  const std::string& base() const { return base_; }
  /// Protected files must be untouched; and the lock file must never be visible unfinished, unless `unfinished_claims`
  /// says that somebody may link what it has not written (flufl.lock does, after an error).
  void after_change(const SimulatedServer& server, bool unfinished_claims);

  std::optional<Handle> lock_file(const SimulatedServer& server) const { return server.find(server.root(), base_); }
  /// A held name with this number and this owner stands in the public fence directory.
  bool fence_shows(const SimulatedServer& server, std::uint64_t token, const std::string& owner) const;

  void report(std::string what) {
    if (!violation_) violation_ = std::move(what);
  }
  const std::optional<std::string>& violation() const { return violation_; }

 private:
  struct Protected {
    std::string name;
    protocol::FileStatus status;
    std::string contents;
  };
  std::string base_;
  std::vector<Protected> protected_;
  std::optional<std::string> violation_;
};

}  // namespace leaselock::sim
