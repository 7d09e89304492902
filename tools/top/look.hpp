#pragma once

#include <boost/filesystem/path.hpp>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "leaselock/holder.hpp"
#include "leaselock/options.hpp"

namespace leaselock::tool::top {

/// Where to look. `lock` has what all users of the locks must agree on.
struct Place {
  boost::filesystem::path directory;
  bool recursive = false;
  LockOptions lock;
};

/// One lock, as it was found.
struct Found {
  LockStatus status;
  std::string error;  ///< why it could not be looked at; only status.lockfile is known then
};

struct Look {
  Place place;
  std::vector<Found> locks;
  std::vector<std::string> troubles;  ///< directories that could not be read, in words
};

/// The most directories that one look goes into.
inline constexpr std::size_t most_directories = 1000;

/// Finds the locks of a directory, and with `recursive` of those below it, and looks at each. Not below symbolic links
/// and names that begin with a dot, such as snapshots. Calls `answered` after each answer of the file system. Blocks as
/// long as the file server does; never throws for what it finds.
Look look_into(const Place& place, const std::function<void()>& answered);

}  // namespace leaselock::tool::top
