#pragma once

#include <cstdint>

#include "posix/file_handle.hpp"

namespace leaselock::posix {

/// Hears of names that come and go in one directory (inotify(7)). Only what this kernel does is heard of.
class DirectoryWatch {
 public:
  DirectoryWatch() = default;
  ~DirectoryWatch() { end(); }
  DirectoryWatch(const DirectoryWatch&) = delete;
  DirectoryWatch& operator=(const DirectoryWatch&) = delete;

  /// From now on, instead of what was watched before. Returns an errno value.
  int begin(int directory);
  void end();

  /// For poll(2); -1 when nothing is watched by this process.
  int descriptor() const;
  /// Reads all there is. Was any of it about this watch?
  bool drain();

 private:
  FileHandle instance_;
  int watch_ = -1;
  std::uint64_t generation_ = 0;
};

}  // namespace leaselock::posix
