#include "posix/directory.hpp"

#include <dirent.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <string_view>

namespace leaselock::posix {

int Directory::list(std::vector<protocol::Entry>& entries) {
  entries.clear();
  // Also what makes the kernel ask the server again.
  if (::lseek(handle_.get(), 0, SEEK_SET) != 0) return errno;
  alignas(dirent64) std::array<char, 32UL * 1024> read;
  for (;;) {
    const ssize_t length = ::getdents64(handle_.get(), read.data(), read.size());
    if (length < 0) return errno;
    if (length == 0) return 0;
    for (std::size_t at = 0; at < static_cast<std::size_t>(length);) {
      const auto* entry = reinterpret_cast<const dirent64*>(read.data() + at);
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") entries.push_back({std::string(name), entry->d_ino});
      at += entry->d_reclen;
    }
  }
}

}  // namespace leaselock::posix
