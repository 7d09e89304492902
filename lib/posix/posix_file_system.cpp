#include "posix/posix_file_system.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>
#include <variant>

#include "posix/file_contents.hpp"
#include "posix/file_system_type.hpp"
#include "posix/retry.hpp"
#include "posix/status.hpp"
#include "posix/wait_for_news.hpp"

namespace leaselock::posix {

namespace step = protocol::step;
using protocol::Place;
using protocol::Result;

namespace {

constexpr int directory_flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

int error_of(int outcome) { return outcome == 0 ? 0 : errno; }

/// A name from a step must not lead out of its directory, whatever mistake or file it came from.
bool single_component(const std::string& name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string::npos &&
         name.find('\0') == std::string::npos;
}

/// As it is between being made and being given its permissions.
bool is_our_new_directory(int directory) {
  struct stat facts {};
  return ::fstat(directory, &facts) == 0 && facts.st_uid == ::geteuid() && (facts.st_mode & 0777U) == 0700U;
}

}  // namespace

PosixFileSystem::PosixFileSystem(std::string directory) : path_(directory.empty() ? "." : std::move(directory)) {}

void PosixFileSystem::perform(const protocol::Step& step, Result& result) noexcept {
  try {
    result.error = std::visit([&](const auto& one) { return run(one, result); }, step);
  } catch (...) {
    result.error = ENOMEM;  // nothing here throws but the allocation of memory
  }
}

int PosixFileSystem::run(const step::OpenLockDirectory& step, Result& result) {
  // The caller's own path: symbolic links in it are the caller's wish.
  FileHandle opened(retry([&] { return ::open(path_.c_str(), directory_flags); }));
  if (!opened.valid()) return errno;
  if (const int error = look(opened.get(), "", false, result.status); error != 0) return error;
  FileSystemType type;
  if (const int error = file_system_type(opened.get(), type); error != 0) return error;
  permissions_.reset();
  if (step.permissions) {
    struct stat facts {};
    if (::fstat(opened.get(), &facts) != 0) return errno;
    permissions_ = Permissions{*step.permissions, facts.st_gid};
  }
  local_ = result.local = type.local;
  result.wakes = type.wakes;
  result.name_max = type.name_max;
  places_ = {};
  directory(Place::lock_directory) = Directory(std::move(opened));
  return 0;
}

int PosixFileSystem::run(const step::OpenDirectory& step, Result& result) {
  if (!single_component(step.name)) return EINVAL;
  const int parent = handle(Place::lock_directory);
  FileHandle opened(retry([&] { return ::openat(parent, step.name.c_str(), directory_flags | O_NOFOLLOW); }));
  if (!opened.valid()) return errno;
  if (const int error = look(opened.get(), "", false, result.status); error != 0) return error;
  directory(step.as) = Directory(std::move(opened));
  // What was prepared is public now, or nobody's.
  if (step.as == Place::fence) directory(Place::boot) = {};
  return 0;
}

int PosixFileSystem::run(const step::Look& step, Result& result) {
  if (!step.name.empty() && !single_component(step.name)) return EINVAL;
  return look(handle(step.place), step.name.c_str(), step.force, result.status);
}

int PosixFileSystem::run(const step::List& step, Result& result) { return directory(step.place).list(result.entries); }

int PosixFileSystem::run(const step::MakeDirectory& step, Result& /*result*/) {
  if (!single_component(step.name)) return EINVAL;
  const int parent = handle(step.place);
  const bool is_private = (step.mode & 0077U) == 0;
  const bool granted = needs_permissions(step.place) && !is_private;
  const int outcome = error_of(::mkdirat(parent, step.name.c_str(), granted ? 0700U : step.mode));
  if (!granted || (outcome != 0 && outcome != EEXIST)) return outcome;
  const FileHandle made(retry([&] { return ::openat(parent, step.name.c_str(), directory_flags | O_NOFOLLOW); }));
  if (outcome == EEXIST) {
    // Of a sending whose reply was lost; anything else is left as it is.
    if (made.valid() && is_our_new_directory(made.get())) permissions_->grant(made.get());
    return EEXIST;
  }
  const int error = made.valid() ? permissions_->grant(made.get()) : errno;
  if (error != 0) ::unlinkat(parent, step.name.c_str(), AT_REMOVEDIR);
  return error;
}

int PosixFileSystem::run(const step::RemoveDirectory& step, Result& /*result*/) {
  if (!single_component(step.name)) return EINVAL;
  return error_of(::unlinkat(handle(step.place), step.name.c_str(), AT_REMOVEDIR));
}

int PosixFileSystem::run(const step::CreateFile& step, Result& result) {
  if (!single_component(step.name)) return EINVAL;
  const int parent = handle(step.place);
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const bool granted = needs_permissions(step.place);
  FileHandle file(retry([&] { return ::openat(parent, step.name.c_str(), flags, granted ? 0600 : 0666); }));
  if (!file.valid()) return errno;
  // A network server may refuse what was written (quota, space) as late as fsync or close.
  int error = write_all(file.get(), step.contents, !local_);
  if (error == 0 && granted) error = permissions_->grant(file.get());
  if (error == 0) error = look(file.get(), "", false, result.status);
  if (const int closing = error_of(file.close()); error == 0) error = closing;
  if (error != 0) ::unlinkat(parent, step.name.c_str(), 0);
  return error;
}

int PosixFileSystem::run(const step::Read& step, Result& result) {
  if (!single_component(step.name)) return EINVAL;
  const int parent = handle(step.place);
  const int flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;
  const FileHandle file(retry([&] { return ::openat(parent, step.name.c_str(), flags); }));
  if (!file.valid()) return errno;
  if (const int error = look(file.get(), "", false, result.status); error != 0) return error;
  if (result.status.kind == protocol::FileKind::directory) return EISDIR;
  if (result.status.kind != protocol::FileKind::regular) return EINVAL;
  return read_start(file.get(), result.contents);
}

int PosixFileSystem::run(const step::Touch& step, Result& result) {
  if (!step.name.empty() && !single_component(step.name)) return EINVAL;
  timespec both[2] = {};
  both[0].tv_nsec = UTIME_NOW;
  if (step.time) both[0] = to_timespec(*step.time);
  both[1] = both[0];
  const int place = handle(step.place);
  const int outcome =
      step.name.empty() ? ::futimens(place, both) : ::utimensat(place, step.name.c_str(), both, AT_SYMLINK_NOFOLLOW);
  if (outcome != 0) return errno;
  // Over NFS this is answered from the reply to the request before.
  return look(place, step.name.c_str(), false, result.status);
}

int PosixFileSystem::run(const step::Link& step, Result& result) {
  if (!single_component(step.from) || !single_component(step.to)) return EINVAL;
  const int place = handle(step.place);
  if (::linkat(place, step.from.c_str(), place, step.to.c_str(), 0) != 0) return errno;
  return look(place, step.from.c_str(), false, result.status);
}

int PosixFileSystem::run(const step::Rename& step, Result& /*result*/) {
  if (!single_component(step.from) || !single_component(step.to)) return EINVAL;
  const int place = handle(step.place);
  return error_of(::renameat(place, step.from.c_str(), place, step.to.c_str()));
}

int PosixFileSystem::run(const step::Unlink& step, Result& /*result*/) {
  if (!single_component(step.name)) return EINVAL;
  return error_of(::unlinkat(handle(step.place), step.name.c_str(), 0));
}

int PosixFileSystem::run(const step::ProbeProcess& /*step*/, Result& /*result*/) { return EINVAL; }

int PosixFileSystem::run(const step::EnterGate& step, Result& /*result*/) {
  if (!single_component(step.name)) return EINVAL;
  return gate_.enter({handle(Place::lock_directory), step.name, permissions_}, step.until);
}

int PosixFileSystem::run(const step::LeaveGate& /*step*/, Result& /*result*/) {
  watch_.end();
  gate_.leave();
  return 0;
}

int PosixFileSystem::run(const step::Watch& step, Result& /*result*/) { return watch_.begin(handle(step.place)); }

int PosixFileSystem::run(const step::WaitUntil& step, Result& /*result*/) {
  if (!step.watching && !step.process) return EINVAL;
  wait_for_news(step.watching ? &watch_ : nullptr, step.process, step.until);
  return 0;
}

}  // namespace leaselock::posix
