#pragma once

#include "posix/file_handle.hpp"
#include "protocol/step.hpp"

namespace leaselock::posix {

/// Waits for the end of a process that runs on this host, by a file descriptor for it (pidfd_open(2)). Tells of an end
/// only where protocol.md section 8 calls it proven.
class ProcessEnd {
 public:
  explicit ProcessEnd(const protocol::step::ProcessId& process);

  /// Asked anew each time.
  bool has_come() const;
  /// For poll(2), readable when has_come() should be asked; -1 when the end cannot be waited for.
  int descriptor() const { return handle_.get(); }

 private:
  protocol::step::ProcessId process_;
  bool is_ours_;  ///< counted in our boot and our process-id name space
  FileHandle handle_;
};

}  // namespace leaselock::posix
