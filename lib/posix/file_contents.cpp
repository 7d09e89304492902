#include "posix/file_contents.hpp"

#include <unistd.h>

#include <cerrno>

#include "posix/retry.hpp"

namespace leaselock::posix {

int write_all(int file, const std::string& contents, bool durable) {
  std::size_t done = 0;
  while (done < contents.size()) {
    const ssize_t written = retry([&] { return ::write(file, contents.data() + done, contents.size() - done); });
    if (written < 0) return errno;
    done += static_cast<std::size_t>(written);
  }
  if (durable && !contents.empty() && retry([&] { return ::fsync(file); }) != 0) return errno;
  return 0;
}

int read_start(int file, std::string& contents) {
  contents.resize(longest_contents);
  std::size_t done = 0;
  while (done < contents.size()) {
    const ssize_t got = retry([&] { return ::read(file, contents.data() + done, contents.size() - done); });
    if (got < 0) return errno;
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  contents.resize(done);
  return 0;
}

}  // namespace leaselock::posix
