#pragma once

#include <signal.h>
#include <sys/types.h>

#include <atomic>
#include <optional>

#include "control_group.hpp"
#include "leaselock/lease_time.hpp"

namespace leaselock::tool {

/// What the keeper is sent when the front is gone.
inline int front_is_gone() { return SIGRTMIN; }

/// What the two processes of `leaselock run` share (front.hpp), made before they part.
class Bond {
 public:
  /// Made by the process that becomes the front. with_control_group: one is tried to make.
  /// Throws: std::system_error.
  explicit Bond(bool with_control_group);
  ~Bond();
  Bond(const Bond&) = delete;
  Bond& operator=(const Bond&) = delete;

  /// To be called by each after the fork.
  void become_front();
  void become_keeper();

  /// When the command must be gone, by whoever does it: the front does it if the keeper did not. LeaseTime::max() while
  /// no command runs.
  LeaseTime due() const { return LeaseTime(Duration(shared_->due.load())); }
  void set_due(LeaseTime time) { shared_->due = time.time_since_epoch().count(); }
  void set_nothing_due() { set_due(LeaseTime::max()); }

  /// The front had to do it.
  bool front_has_killed() const { return shared_->front_has_killed; }
  void set_front_has_killed() { shared_->front_has_killed = true; }

  pid_t front() const { return front_; }
  /// Its process group, which gets the terminal's signals where there is one.
  pid_t front_group() const { return front_group_; }
  /// Empty where it is not wanted.
  std::optional<ControlGroup>& control_group() { return control_group_; }

 private:
  /// In memory that both see.
  struct Shared {
    std::atomic<LeaseTime::rep> due;
    std::atomic<bool> front_has_killed;
    static_assert(std::atomic<LeaseTime::rep>::is_always_lock_free);
  };

  Shared* shared_;
  pid_t front_;
  pid_t front_group_;
  std::optional<ControlGroup> control_group_;
};

}  // namespace leaselock::tool
