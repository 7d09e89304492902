#pragma once

#include <dirent.h>

#include <vector>

#include "posix/file_handle.hpp"
#include "protocol/step.hpp"

namespace leaselock::posix {

/// An open directory. The descriptor is for the ...at() calls; the stream around it is made at the first listing.
class Directory {
 public:
  Directory() = default;
  explicit Directory(FileHandle handle) : handle_(std::move(handle)) {}
  ~Directory();
  Directory(Directory&& other) noexcept;
  Directory& operator=(Directory&& other) noexcept;

  /// -1 when nothing is open, which every call answers with EBADF.
  int get() const;
  /// Reads all names but "." and "..", from the beginning. Returns an errno value.
  int list(std::vector<protocol::Entry>& entries);

 private:
  FileHandle handle_;
  DIR* stream_ = nullptr;  ///< owns the descriptor from the moment it exists
};

}  // namespace leaselock::posix
