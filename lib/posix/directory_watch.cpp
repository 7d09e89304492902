#include "posix/directory_watch.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string>
#include <utility>

#include "posix/fork_generation.hpp"
#include "posix/retry.hpp"
#include "posix/spare_inotify.hpp"

namespace leaselock::posix {

namespace {

/// Names, and the directory's own end. Not its times: stamps are taken from them all the while.
constexpr std::uint32_t wanted = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF;

}  // namespace

int DirectoryWatch::begin(int directory) {
  end();
  FileHandle instance = take_inotify();
  if (!instance.valid()) return errno;
  // inotify takes a path only. This one leads to what is open, whatever its name is by now; and it is the thread's,
  // since the process's is empty when its first thread has ended.
  const std::string path = "/proc/thread-self/fd/" + std::to_string(directory);
  const int watch = ::inotify_add_watch(instance.get(), path.c_str(), wanted | IN_ONLYDIR);
  if (watch == -1) {
    const int error = errno;
    give_back_inotify(std::move(instance));
    return error;
  }
  instance_ = std::move(instance);
  watch_ = watch;
  generation_ = fork_generation();
  return 0;
}

void DirectoryWatch::end() {
  if (descriptor() != -1) {
    ::inotify_rm_watch(instance_.get(), watch_);
    give_back_inotify(std::move(instance_));
  }
  instance_.close();
}

int DirectoryWatch::descriptor() const { return generation_ == fork_generation() ? instance_.get() : -1; }

bool DirectoryWatch::drain() {
  alignas(inotify_event) std::array<char, 4096> events;
  bool ours = false;
  while (true) {
    const ssize_t got = retry([&] { return ::read(instance_.get(), events.data(), events.size()); });
    if (got <= 0) return ours;
    for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
      inotify_event event{};
      std::memcpy(&event, events.data() + at, sizeof event);
      // Events that were lost may have been ours. A watch's number is not given to another while it is in the queue.
      if (event.wd == watch_ || (event.mask & IN_Q_OVERFLOW) != 0) ours = true;
      at += sizeof event + event.len;
    }
  }
}

}  // namespace leaselock::posix
