#include "posix/directory.hpp"

#include <cerrno>
#include <string_view>
#include <utility>

namespace leaselock::posix {

Directory::~Directory() {
  if (stream_ != nullptr) ::closedir(stream_);
}

Directory::Directory(Directory&& other) noexcept
    : handle_(std::move(other.handle_)), stream_(std::exchange(other.stream_, nullptr)) {}

Directory& Directory::operator=(Directory&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(stream_, other.stream_);
  return *this;
}

int Directory::get() const { return stream_ != nullptr ? ::dirfd(stream_) : handle_.get(); }

int Directory::list(std::vector<protocol::Entry>& entries) {
  entries.clear();
  if (stream_ == nullptr) {
    stream_ = ::fdopendir(handle_.get());
    if (stream_ == nullptr) return errno;
    handle_.release();
  } else {
    // Also what makes the kernel ask the server again, and the C library forget what it read ahead.
    ::rewinddir(stream_);
  }
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(stream_);
    if (entry == nullptr) return errno;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") entries.push_back({std::string(name), entry->d_ino});
  }
}

}  // namespace leaselock::posix
