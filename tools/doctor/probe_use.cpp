#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <vector>

#include "doctor/interrupt.hpp"
#include "doctor/probes.hpp"
#include "leaselock/lock.hpp"

namespace leaselock::tool::doctor {

namespace {

using std::chrono::steady_clock;

Duration since(steady_clock::time_point start) {
  return std::chrono::duration_cast<Duration>(steady_clock::now() - start);
}

/// Two holds, since the second goes the short way that most holds go.
Fault use(const Scratch& scratch, const std::string& name, const LockOptions& options, Duration& cycle) {
  Lock lock(scratch.path() + "/" + name, options);
  std::error_code error;
  for (int i = 0; i < 2 && !error; ++i) {
    InterruptWatch::check();
    const auto start = steady_clock::now();
    lock.lock(Duration::zero(), error);
    if (error) return "a lock could not be taken: " + error.message();
    if (!lock.may_act()) return "a lock was taken, but its lease was over at once";
    lock.unlock(error);
    if (error) return "a lock could not be given back: " + error.message();
    cycle = since(start);
  }
  return {};
}

/// The library refuses such a lifetime where it does not know the kernel to keep the file system (protocol.md 19).
bool counts_as_local(const Scratch& scratch) {
  LockOptions options;
  options.mirror = false;
  options.lifetime = std::chrono::seconds(1);
  Lock lock(scratch.path() + "/local", options);
  std::error_code error;
  lock.lock(Duration::zero(), error);
  return !error;
}

Descriptor open_file(const Scratch& scratch, const char* name) {
  return Descriptor(::openat(scratch.handle(), name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
}

int lock_record(const Descriptor& file, short kind) {
  struct flock whole {};
  whole.l_type = kind;
  whole.l_whence = SEEK_SET;
  return ::fcntl(file.get(), F_OFD_SETLK, &whole) == 0 ? 0 : errno;
}

}  // namespace

Trial probe_trial(const Scratch& scratch, bool& local) {
  local = counts_as_local(scratch);
  Trial trial;
  Duration ignored{};
  LockOptions options;
  trial.fenced = use(scratch, "fenced", options, trial.fenced_cycle);
  options.mirror = false;
  trial.without_mirror = use(scratch, "bare", options, ignored);
  options = LockOptions();
  options.mode = Mode::compat;
  trial.compat = use(scratch, "compat", options, ignored);
  return trial;
}

Fault probe_record_locks(const Scratch& scratch) {
  const Descriptor first = open_file(scratch, "records");
  const Descriptor second = open_file(scratch, "records");
  if (!first.valid() || !second.valid()) return "a file could not be opened: " + words_for(errno);
  if (const int error = lock_record(first, F_WRLCK); error != 0) return "refused: " + words_for(error);
  if (lock_record(second, F_WRLCK) == 0) return "two openings of one file held the same lock";
  if (const int error = lock_record(first, F_UNLCK); error != 0) return "not given back: " + words_for(error);
  if (const int error = lock_record(second, F_WRLCK); error != 0) return "not free again: " + words_for(error);
  return {};
}

Speed probe_speed(const Scratch& scratch, int requests, Duration at_most) {
  std::vector<Duration> times;
  scratch.create("speed-0");
  const auto begin = steady_clock::now();
  for (int i = 0; i < requests && since(begin) < at_most; ++i) {
    InterruptWatch::check();
    const auto start = steady_clock::now();
    if (scratch.rename("speed-" + std::to_string(i), "speed-" + std::to_string(i + 1)) != 0) break;
    times.push_back(since(start));
  }
  if (times.empty()) return {};
  std::sort(times.begin(), times.end());
  return {static_cast<int>(times.size()), times[times.size() / 2], times.back()};
}

Place look_at_place(int directory, const Scratch& scratch) {
  struct stat found {};
  struct statvfs space {};
  if (::fstat(directory, &found) != 0 || ::fstatvfs(directory, &space) != 0) {
    throw std::system_error(errno, std::system_category(), "cannot look at the directory");
  }
  Place place;
  place.owner = found.st_uid;
  place.group = found.st_gid;
  place.mode = found.st_mode & 07777U;
  place.our_user = ::geteuid();
  place.made_as = scratch.look().owner;
  place.free_bytes = static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
  place.all_inodes = space.f_files;
  place.free_inodes = space.f_favail;
  return place;
}

}  // namespace leaselock::tool::doctor
