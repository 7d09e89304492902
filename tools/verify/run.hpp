#pragma once

#include <optional>
#include <string>
#include <vector>

#include "leaselock/options.hpp"
#include "verify/verdict.hpp"

namespace leaselock::tool::verify {

struct VerifyOptions {
  LockOptions lock;
  std::vector<std::string> directories;  ///< one directory, through each of these mounts
  unsigned workers = 4;
  std::optional<unsigned> holds;  ///< of each worker; empty: as many as there is time for
  std::optional<Duration> limit;  ///< how long to go on
  Duration hold = std::chrono::milliseconds(10);
  std::string name;  ///< under which hosts meet; empty: this host alone
  unsigned hosts = 2;
  Duration wait = std::chrono::seconds(60);  ///< for the other hosts
  bool as_json = false;
  bool quiet = false;
};

/// Plays one contest and gathers all records. Empty when too few hosts came.
/// Throws: Interrupted; std::system_error; std::invalid_argument when the directories are not one.
std::optional<Contest> run(const VerifyOptions& options);

}  // namespace leaselock::tool::verify
