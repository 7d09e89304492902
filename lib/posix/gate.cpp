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
int open_side_file(const GateFile& where, FileHandle& file) {
  const auto open = [&](int more) {
    file = FileHandle(retry([&] { return ::openat(where.directory, where.name.c_str(), flags | more, 0666); }));
    return file.valid() ? 0 : errno;
  };
  // Not O_CREAT at once: in a sticky directory the kernel may refuse that for a file of another user
  // (fs.protected_regular), although we may write to it. And never without O_EXCL: only what we made is given
  // permissions.
  int error = open(0);
  if (error == ENOENT) {
    error = open(O_CREAT | O_EXCL);
    if (error == 0 && where.permissions) error = where.permissions->grant(file.get());
    if (error == EEXIST) error = open(0);
  }
  if (error != 0) return error;
  protocol::FileStatus status;
  error = look(file.get(), "", false, status);
  // A file with another name may be somebody's own: its owner may have a use for its record locks.
  const bool ours = status.kind == protocol::FileKind::regular && status.links <= 1;
  return error == 0 && !ours ? EINVAL : error;
}

/// Is the open file still the one that newcomers find at the name?
bool is_current(int file, const GateFile& where) {
  protocol::FileStatus ours;
  protocol::FileStatus theirs;
  return look(file, "", false, ours) == 0 && look(where.directory, where.name.c_str(), false, theirs) == 0 &&
         ours.device == theirs.device && ours.inode == theirs.inode;
}

}  // namespace

int Gate::enter(const GateFile& where, LeaseTime until) {
  if (place_ && place_->is_inherited()) leave();
  for (int file = 0; file < most_files; ++file) {
    if (!place_) {
      if (const int error = join(where); error != 0) return error;
    }
    const int error = place_->wait(until);
    if (error == ETIMEDOUT) return error;
    if (error == 0 && is_current(place_->file(), where)) return 0;
    leave();
    if (error != 0) return error;
  }
  return ESTALE;
}

int Gate::join(const GateFile& where) {
  FileHandle file;
  const int error = open_side_file(where, file);
  if (error == 0) place_.emplace(std::move(file));
  return error;
}

}  // namespace leaselock::posix
