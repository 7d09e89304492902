#pragma once

#include <boost/filesystem.hpp>
#include <cstddef>
#include <ostream>

namespace leaselock::faults {

/// What this process has taken from the system and must give back.
struct Footprint {
  std::size_t descriptors = 0;
  std::size_t threads = 0;
  friend bool operator==(const Footprint&, const Footprint&) = default;
};

inline std::ostream& operator<<(std::ostream& out, const Footprint& print) {
  return out << print.descriptors << " descriptors, " << print.threads << " threads";
}

/// Up to four inotify instances are kept for the next who waits (lib/posix/spare_inotify.hpp): they are not counted.
inline Footprint footprint() {
  namespace fs = boost::filesystem;
  Footprint print;
  std::size_t spare = 0;
  for (fs::directory_iterator entry("/proc/self/fd"), end; entry != end; ++entry) {
    boost::system::error_code gone;
    const bool inotify = fs::read_symlink(entry->path(), gone).string().find("inotify") != std::string::npos;
    if (inotify && ++spare <= 4) continue;
    ++print.descriptors;
  }
  for (fs::directory_iterator entry("/proc/self/task"), end; entry != end; ++entry) ++print.threads;
  return print;
}

}  // namespace leaselock::faults
