#pragma once

#include <unistd.h>

#include <utility>

namespace leaselock::posix {

/// Owns a file descriptor; closes it at the end of its life and ignores what close says, which matters only after
/// writing (use close()).
class FileHandle {
 public:
  FileHandle() = default;
  explicit FileHandle(int descriptor) : descriptor_(descriptor) {}
  ~FileHandle() { close(); }
  FileHandle(FileHandle&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileHandle& operator=(FileHandle&& other) noexcept {
    if (this != &other) {
      close();
      descriptor_ = std::exchange(other.descriptor_, -1);
    }
    return *this;
  }

  int get() const { return descriptor_; }
  bool valid() const { return descriptor_ >= 0; }
  int release() { return std::exchange(descriptor_, -1); }
  /// Returns what close(2) returns. Never repeated: Linux has let go of the descriptor even after EINTR.
  int close() { return valid() ? ::close(release()) : 0; }

 private:
  int descriptor_ = -1;
};

}  // namespace leaselock::posix
