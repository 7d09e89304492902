#include "posix/gate.hpp"

#include <fcntl.h>

#include <cerrno>
#include <utility>

#include "posix/file_handle.hpp"
#include "posix/retry.hpp"
#include "posix/status.hpp"

namespace leaselock::posix {

namespace {

/// How often the file may be replaced under us before we do without a gate.
constexpr int most_files = 8;

/// Whatever stands at the name, opening it neither blocks nor follows a link.
constexpr int flags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

/// Returns an errno value.
int open_side_file(int directory, const std::string& name, FileHandle& file) {
  const auto open = [&](int more) {
    file = FileHandle(retry([&] { return ::openat(directory, name.c_str(), flags | more, 0666); }));
    return file.valid() ? 0 : errno;
  };
  // Not O_CREAT at once: in a sticky directory the kernel may refuse that for a file of another user
  // (fs.protected_regular), although we may write to it.
  int error = open(0);
  if (error == ENOENT) error = open(O_CREAT);
  if (error != 0) return error;
  protocol::FileStatus status;
  error = look(file.get(), "", false, status);
  return error == 0 && status.kind != protocol::FileKind::regular ? EINVAL : error;
}

/// Is the open file still the one that newcomers find at the name?
bool is_current(int file, int directory, const std::string& name) {
  protocol::FileStatus ours;
  protocol::FileStatus theirs;
  return look(file, "", false, ours) == 0 && look(directory, name.c_str(), false, theirs) == 0 &&
         ours.device == theirs.device && ours.inode == theirs.inode;
}

}  // namespace

int Gate::enter(int directory, const std::string& name, LeaseTime until) {
  if (place_ && place_->is_inherited()) leave();
  for (int file = 0; file < most_files; ++file) {
    if (!place_) {
      if (const int error = join(directory, name); error != 0) return error;
    }
    const int error = place_->wait(until);
    if (error == ETIMEDOUT) return error;
    if (error == 0 && is_current(place_->file(), directory, name)) return 0;
    leave();
    if (error != 0) return error;
  }
  return ESTALE;
}

int Gate::join(int directory, const std::string& name) {
  FileHandle file;
  const int error = open_side_file(directory, name, file);
  if (error == 0) place_.emplace(std::move(file));
  return error;
}

}  // namespace leaselock::posix
