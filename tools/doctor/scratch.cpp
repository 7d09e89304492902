#include "doctor/scratch.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "message.hpp"

namespace leaselock::tool::doctor {

namespace {

int error_of(int outcome) { return outcome == 0 ? 0 : errno; }

std::string make_scratch(const std::string& directory) {
  std::string path = directory + "/leaselock-doctor-" + std::to_string(::getpid()) + "-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) {
    throw std::system_error(errno, std::system_category(), "cannot make a directory to probe in, in " + directory);
  }
  return path;
}

}  // namespace

Scratch::Scratch(const std::string& directory)
    : path_(make_scratch(directory)), handle_(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {
  if (handle_.valid()) return;
  const int error = errno;
  ::rmdir(path_.c_str());
  throw std::system_error(error, std::system_category(), "cannot open " + path_);
}

Scratch::~Scratch() {
  boost::system::error_code error;
  boost::filesystem::remove_all(path_, error);
  // A server may still list what was just removed.
  if (error) boost::filesystem::remove_all(path_, error);
  if (error) say("could not be removed, please do: " + path_ + ": " + error.message());
}

int Scratch::create(const std::string& name) const {
  const int file = ::openat(handle(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  return file < 0 ? errno : error_of(::close(file));
}

int Scratch::make_directory(const std::string& name) const { return error_of(::mkdirat(handle(), name.c_str(), 0700)); }

int Scratch::link(const std::string& from, const std::string& to) const {
  return error_of(::linkat(handle(), from.c_str(), handle(), to.c_str(), 0));
}

int Scratch::rename(const std::string& from, const std::string& to) const {
  return error_of(::renameat(handle(), from.c_str(), handle(), to.c_str()));
}

int Scratch::unlink(const std::string& name) const { return error_of(::unlinkat(handle(), name.c_str(), 0)); }

int Scratch::touch(const std::string& name) const {
  timespec now[2] = {};
  now[0].tv_nsec = now[1].tv_nsec = UTIME_NOW;
  if (name.empty()) return error_of(::futimens(handle(), now));
  return error_of(::utimensat(handle(), name.c_str(), now, AT_SYMLINK_NOFOLLOW));
}

Look Scratch::look(const std::string& name) const { return look_at(handle(), name); }

Look look_at(int directory, const std::string& name) {
  const int flags = AT_SYMLINK_NOFOLLOW | AT_STATX_FORCE_SYNC | (name.empty() ? AT_EMPTY_PATH : 0);
  struct statx found {};
  Look look;
  look.error = error_of(::statx(directory, name.c_str(), flags, STATX_BASIC_STATS, &found));
  look.device = ::makedev(found.stx_dev_major, found.stx_dev_minor);
  look.inode = found.stx_ino;
  look.links = found.stx_nlink;
  look.owner = found.stx_uid;
  look.changed = std::chrono::seconds(found.stx_ctime.tv_sec) + std::chrono::nanoseconds(found.stx_ctime.tv_nsec);
  return look;
}

std::string words_for(int error) { return std::system_category().message(error); }

}  // namespace leaselock::tool::doctor
