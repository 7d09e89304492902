#pragma once

#include <optional>
#include <string>

#include "leaselock/lease_time.hpp"
#include "posix/record_lock.hpp"

namespace leaselock::posix {

/// One waiter's place in the line at a gate: a small file that nobody writes to or removes, with a record lock on it
/// (protocol.md section 7.3). Being first in line says nothing about who owns the lock behind the gate.
class Gate {
 public:
  /// Joins the line at `name` in the directory, or goes on waiting there. Answers as step::EnterGate does.
  int enter(int directory, const std::string& name, LeaseTime until);
  /// In a forked child this gives up nothing of its parent's.
  void leave() { place_.reset(); }

 private:
  int join(int directory, const std::string& name);

  std::optional<RecordLock> place_;
};

}  // namespace leaselock::posix
