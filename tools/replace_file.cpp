#include "replace_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace leaselock::tool {

std::error_code replace_file(int directory, const std::string& temporary, const std::string& file,
                             std::string_view text) {
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const int descriptor = openat(directory, temporary.c_str(), flags, 0666);
  if (descriptor < 0) return {errno, std::system_category()};
  errno = ENOSPC;  // where less is written than was asked for
  bool done = write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  int error = errno;
  if (close(descriptor) != 0) {
    error = done ? errno : error;
    done = false;
  }
  if (done && renameat(directory, temporary.c_str(), directory, file.c_str()) == 0) return {};
  if (done) error = errno;
  unlinkat(directory, temporary.c_str(), 0);
  return {error, std::system_category()};
}

}  // namespace leaselock::tool
