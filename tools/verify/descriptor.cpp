#include "verify/descriptor.hpp"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace leaselock::tool::verify {

Descriptor open_directory(const std::string& path) {
  Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory.valid()) throw std::system_error(errno, std::system_category(), "cannot open " + path);
  return directory;
}

std::optional<struct statx> ask_server(int directory, const std::string& name) {
  struct statx found {};
  const int flags = AT_SYMLINK_NOFOLLOW | AT_STATX_FORCE_SYNC | (name.empty() ? AT_EMPTY_PATH : 0);
  if (::statx(directory, name.c_str(), flags, STATX_BASIC_STATS, &found) != 0) return std::nullopt;
  return found;
}

void set_modification_time(int directory, const std::string& name, std::int64_t seconds) {
  std::array<timespec, 2> times{};
  times[0].tv_nsec = UTIME_OMIT;
  times[1].tv_sec = seconds;
  const int outcome = name.empty() ? ::futimens(directory, times.data())
                                   : ::utimensat(directory, name.c_str(), times.data(), AT_SYMLINK_NOFOLLOW);
  if (outcome != 0) throw std::system_error(errno, std::system_category(), "cannot set the time of a scratch file");
}

void nudge(int directory) {
  std::array<timespec, 2> now{};
  now[0].tv_nsec = now[1].tv_nsec = UTIME_NOW;
  ::futimens(directory, now.data());
}

}  // namespace leaselock::tool::verify
