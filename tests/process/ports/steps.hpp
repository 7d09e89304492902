#pragma once

#include <unistd.h>

#include <boost/filesystem.hpp>
#include <chrono>
#include <string>

#include "posix/posix_file_system.hpp"

/// For tests that perform the protocol's steps on the operating system, one by one.
namespace leaselock::posix {

namespace step = protocol::step;
using protocol::Place;

/// Longer than anything takes that is meant to happen; a test that waits this long has failed.
inline constexpr auto long_enough = std::chrono::seconds(30);
/// How long it is watched that something does not happen.
inline constexpr auto a_while = std::chrono::milliseconds(60);

/// The file system of one Lock object.
class Steps {
 public:
  explicit Steps(const boost::filesystem::path& directory) : files_(directory.string()) {
    opened_ = run(step::OpenLockDirectory{});
  }

  protocol::Result run(const protocol::Step& one) {
    protocol::Result result;
    files_.perform(one, result);
    return result;
  }

  const protocol::Result& opened() const { return opened_; }
  int enter(Duration patience) { return run(step::EnterGate{"lock|gate", LeaseClock::now() + patience}).error; }
  void leave() { run(step::LeaveGate{}); }
  int watch(Place place = Place::lock_directory) { return run(step::Watch{place}).error; }

  /// Did the wait end before its time?
  bool wakes(const step::WaitUntil& wait) {
    run(wait);
    return LeaseClock::now() < wait.until;
  }
  bool hears_of_a_change(Duration patience = long_enough) {
    return wakes({.until = LeaseClock::now() + patience, .watching = true});
  }
  bool hears_of_the_end(const step::ProcessId& process, Duration patience = long_enough) {
    return wakes({.until = LeaseClock::now() + patience, .process = process});
  }

 private:
  PosixFileSystem files_;
  protocol::Result opened_;
};

inline std::size_t entries_of(const boost::filesystem::path& directory) {
  std::size_t count = 0;
  for (boost::filesystem::directory_iterator entry(directory), end; entry != end; ++entry) ++count;
  return count;
}
inline std::size_t open_descriptors() { return entries_of("/proc/self/fd"); }
inline std::size_t threads() { return entries_of("/proc/self/task"); }

/// Asks again and again until it is so; false if that never happens.
template <class Condition>
bool comes_true(Condition condition) {
  const LeaseTime end = LeaseClock::now() + long_enough;
  while (!condition()) {
    if (LeaseClock::now() > end) return false;
    ::usleep(1000);
  }
  return true;
}

}  // namespace leaselock::posix
