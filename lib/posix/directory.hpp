#pragma once

#include <utility>
#include <vector>

#include "posix/file_handle.hpp"
#include "protocol/step.hpp"

namespace leaselock::posix {

/// An open directory: a descriptor and nothing else, because a process may keep thousands. A stream of the C library
/// would keep 32 KiB for each.
class Directory {
 public:
  Directory() = default;
  explicit Directory(FileHandle handle) : handle_(std::move(handle)) {}

  /// -1 when nothing is open, which every call answers with EBADF.
  int get() const { return handle_.get(); }
  /// Reads all names but "." and "..", from the beginning. Returns an errno value.
  int list(std::vector<protocol::Entry>& entries);

 private:
  FileHandle handle_;
};

}  // namespace leaselock::posix
