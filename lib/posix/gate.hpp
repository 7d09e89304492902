#pragma once

#include <optional>
#include <string>

#include "leaselock/lease_time.hpp"
#include "posix/permissions.hpp"
#include "posix/record_lock.hpp"

namespace leaselock::posix {

/// Where a gate's side file stands.
struct GateFile {
  int directory = -1;
  std::string name;
  std::optional<Permissions> permissions;  ///< given to it by who makes it
};

/// One waiter's place in the line at a gate: a small file that nobody writes to or removes, with a record lock on it
/// (protocol.md section 7.3). Being first in line says nothing about who owns the lock behind the gate.
class Gate {
 public:
  /// Joins the line at that file, or goes on waiting there. Answers as step::EnterGate does.
  int enter(const GateFile& where, LeaseTime until);
  /// In a forked child this gives up nothing of its parent's.
  void leave() { place_.reset(); }

 private:
  int join(const GateFile& where);

  std::optional<RecordLock> place_;
};

}  // namespace leaselock::posix
