#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>

#include "calls.hpp"

// What --wrap makes of each name: who calls NAME comes to __wrap_NAME, and __real_NAME is the C library's. Functions
// with a variable number of arguments have here as many as their longest form: the ABI passes both alike.
// NOLINTBEGIN(cppcoreguidelines-macro-usage)
#define REAL(RESULT, NAME, ...)                                    \
  extern "C" RESULT real_##NAME(__VA_ARGS__) asm("__real_" #NAME); \
  extern "C" RESULT wrap_##NAME(__VA_ARGS__) asm("__wrap_" #NAME);
// NOLINTEND(cppcoreguidelines-macro-usage)

REAL(int, close, int)
REAL(int, eventfd, unsigned, int)
REAL(int, fchmod, int, mode_t)
REAL(int, fchown, int, uid_t, gid_t)
REAL(int, fcntl, int, int, void*)
REAL(int, fstat, int, struct stat*)
REAL(int, fstatfs, int, struct statfs*)
REAL(int, fsync, int)
REAL(int, futimens, int, const timespec*)
REAL(ssize_t, getdents64, int, void*, size_t)
REAL(int, gethostname, char*, size_t)
REAL(ssize_t, getrandom, void*, size_t, unsigned)
REAL(int, inotify_add_watch, int, const char*, std::uint32_t)
REAL(int, inotify_init1, int)
REAL(int, inotify_rm_watch, int, int)
REAL(int, kill, pid_t, int)
REAL(int, linkat, int, const char*, int, const char*, int)
REAL(off_t, lseek, int, off_t, int)
REAL(int, mkdirat, int, const char*, mode_t)
REAL(int, open, const char*, int, mode_t)
REAL(int, openat, int, const char*, int, mode_t)
REAL(int, ppoll, pollfd*, nfds_t, const timespec*, const sigset_t*)
REAL(int, pthread_create, pthread_t*, const pthread_attr_t*, void* (*)(void*), void*)
REAL(ssize_t, read, int, void*, size_t)
REAL(ssize_t, readlink, const char*, char*, size_t)
REAL(int, renameat, int, const char*, int, const char*)
REAL(int, statx, int, const char*, int, unsigned, struct statx*)
REAL(long, syscall, long, long, long)
REAL(int, unlinkat, int, const char*, int)
REAL(int, utimensat, int, const char*, const timespec*, int)
REAL(ssize_t, write, int, const void*, size_t)

namespace {

using leaselock::faults::Call;
using leaselock::faults::fault_of;

/// One call that answers -1 and errno.
template <class Act>
auto through(Call call, Act act) -> decltype(act()) {
  const auto fault = fault_of(call);
  if (!fault) return act();
  if (fault->acted) act();
  errno = fault->error;
  return -1;
}

/// One that answers with a new descriptor, which nobody is told of when the answer is lost.
template <class Act>
int opening(Call call, Act act) {
  const auto fault = fault_of(call);
  if (!fault) return act();
  if (fault->acted) {
    const int lost = act();
    if (lost >= 0) real_close(lost);
  }
  errno = fault->error;
  return -1;
}

}  // namespace

int wrap_eventfd(unsigned count, int flags) {
  return opening({"eventfd"}, [=] { return real_eventfd(count, flags); });
}
int wrap_fchmod(int file, mode_t mode) {
  return through({"fchmod"}, [=] { return real_fchmod(file, mode); });
}
int wrap_fchown(int file, uid_t user, gid_t group) {
  return through({"fchown"}, [=] { return real_fchown(file, user, group); });
}
int wrap_fcntl(int file, int command, void* argument) {
  return through({"fcntl"}, [=] { return real_fcntl(file, command, argument); });
}
int wrap_fstat(int file, struct stat* facts) {
  return through({"fstat"}, [=] { return real_fstat(file, facts); });
}
int wrap_fstatfs(int file, struct statfs* facts) {
  return through({"fstatfs"}, [=] { return real_fstatfs(file, facts); });
}
int wrap_fsync(int file) {
  return through({"fsync"}, [=] { return real_fsync(file); });
}
int wrap_futimens(int file, const timespec* times) {
  return through({"futimens"}, [=] { return real_futimens(file, times); });
}
ssize_t wrap_getdents64(int directory, void* buffer, size_t size) {
  return through({"getdents64"}, [=] { return real_getdents64(directory, buffer, size); });
}
int wrap_gethostname(char* name, size_t size) {
  return through({"gethostname"}, [=] { return real_gethostname(name, size); });
}
ssize_t wrap_getrandom(void* buffer, size_t size, unsigned flags) {
  return through({"getrandom"}, [=] { return real_getrandom(buffer, size, flags); });
}
int wrap_inotify_add_watch(int instance, const char* path, std::uint32_t mask) {
  return through({"inotify_add_watch"}, [=] { return real_inotify_add_watch(instance, path, mask); });
}
int wrap_inotify_init1(int flags) {
  return opening({"inotify_init1"}, [=] { return real_inotify_init1(flags); });
}
int wrap_inotify_rm_watch(int instance, int watch) {
  return through({"inotify_rm_watch"}, [=] { return real_inotify_rm_watch(instance, watch); });
}
int wrap_kill(pid_t process, int signal) {
  return through({"kill"}, [=] { return real_kill(process, signal); });
}
int wrap_linkat(int from_at, const char* from, int to_at, const char* to, int flags) {
  return through({"linkat"}, [=] { return real_linkat(from_at, from, to_at, to, flags); });
}
off_t wrap_lseek(int file, off_t offset, int whence) {
  return through({"lseek"}, [=] { return real_lseek(file, offset, whence); });
}
int wrap_mkdirat(int at, const char* name, mode_t mode) {
  return through({"mkdirat"}, [=] { return real_mkdirat(at, name, mode); });
}
int wrap_open(const char* path, int flags, mode_t mode) {
  return opening({"open", (flags & O_CREAT) != 0}, [=] { return real_open(path, flags, mode); });
}
int wrap_openat(int at, const char* path, int flags, mode_t mode) {
  return opening({"openat", (flags & O_CREAT) != 0}, [=] { return real_openat(at, path, flags, mode); });
}
int wrap_ppoll(pollfd* descriptors, nfds_t count, const timespec* timeout, const sigset_t* signals) {
  return through({"ppoll"}, [=] { return real_ppoll(descriptors, count, timeout, signals); });
}
ssize_t wrap_read(int file, void* buffer, size_t size) {
  return through({"read"}, [=] { return real_read(file, buffer, size); });
}
ssize_t wrap_readlink(const char* path, char* buffer, size_t size) {
  return through({"readlink"}, [=] { return real_readlink(path, buffer, size); });
}
int wrap_renameat(int from_at, const char* from, int to_at, const char* to) {
  return through({"renameat"}, [=] { return real_renameat(from_at, from, to_at, to); });
}
int wrap_statx(int at, const char* path, int flags, unsigned mask, struct statx* found) {
  return through({"statx"}, [=] { return real_statx(at, path, flags, mask, found); });
}
/// Of those that have no function of their own, leaselock uses pidfd_open(2).
long wrap_syscall(long number, long first, long second) {
  if (number == SYS_gettid) return real_syscall(number, first, second);
  return through({"syscall"}, [=] { return real_syscall(number, first, second); });
}
int wrap_unlinkat(int at, const char* name, int flags) {
  return through({"unlinkat"}, [=] { return real_unlinkat(at, name, flags); });
}
int wrap_utimensat(int at, const char* name, const timespec* times, int flags) {
  return through({"utimensat"}, [=] { return real_utimensat(at, name, times, flags); });
}
ssize_t wrap_write(int file, const void* buffer, size_t size) {
  return through({"write"}, [=] { return real_write(file, buffer, size); });
}

/// Linux lets go of the descriptor whatever it answers (close(2)).
int wrap_close(int file) {
  const auto fault = fault_of({"close"});
  const int outcome = real_close(file);
  if (!fault) return outcome;
  errno = fault->error;
  return -1;
}
/// Answers with the error itself.
int wrap_pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*), void* argument) {
  const auto fault = fault_of({"pthread_create"});
  return fault ? fault->error : real_pthread_create(thread, attributes, run, argument);
}
