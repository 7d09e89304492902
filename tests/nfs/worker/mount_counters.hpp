#pragma once

#include <cstdint>
#include <istream>
#include <map>
#include <string>

namespace leaselock::nfs {

/// How often each NFS operation was called through one mount.
using Counters = std::map<std::string, std::uint64_t>;

/// Reads the counters of the mount that `path` is on out of the text of /proc/self/mountstats. Compares names only:
/// a look at the path would itself be a request. `path` must be absolute. Empty when the path is on no NFS mount.
Counters counters_in(std::istream& mountstats, const std::string& path);
Counters counters_of(const std::string& path);

/// What happened between two readings; operations that did not happen are left out.
Counters difference(const Counters& before, const Counters& after);

/// Writes the line `ops NAME operation=n ...`.
void say_counters(const std::string& name, const Counters& counters);

}  // namespace leaselock::nfs
