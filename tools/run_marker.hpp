#pragma once

#include <sys/types.h>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <system_error>

#include "held_lock.hpp"

namespace leaselock::tool {

/// What `run` was asked for.
struct MarkerOptions {
  std::string directory;  ///< empty: no marker is kept
  std::string name;
  std::string nonce;  ///< tells runs apart where process ids come again
};

/// The marker of a run (docs/command_line.md): made while it waits, renamed when the command starts, touched while both
/// go on, removed afterwards. A thread of its own does all of it, for the directory's file server may hang. It also
/// removes what others of the same name left.
class RunMarker {
 public:
  /// keeper: the process that the marker stands for. No I/O.
  RunMarker(const MarkerOptions& options, pid_t keeper, const std::string& lockfile, const HoldRequest& request,
            const LockOptions& lock);
  /// As leave().
  ~RunMarker();
  RunMarker(const RunMarker&) = delete;
  RunMarker& operator=(const RunMarker&) = delete;

  /// Wait for the file server. Throws: std::system_error.
  void become_ready();
  /// may_act: whether the hold lasts; asked until leave() or remove() was called. When it does not the marker is not
  /// touched any more, and not made anew.
  void become_running(const std::vector<Slot>& held, std::function<bool()> may_act);

  /// Removes it, and waits for that at most two seconds: then it is said that it is still there. The second call, or
  /// one after leave(), does nothing.
  void remove();
  /// Leaves it to end with its lifetime.
  void leave();

 private:
  struct Shared;
  std::future<std::error_code> start(std::function<std::error_code(Shared&)> task);
  void succeed(std::function<std::error_code(Shared&)> task);

  bool ended_ = false;
  std::shared_ptr<Shared> shared_;  ///< the thread's as well, which may outlive us
};

}  // namespace leaselock::tool
