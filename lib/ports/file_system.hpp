#pragma once

#include "protocol/step.hpp"

namespace leaselock::ports {

/// Performs the file-system steps of one Lock object. Owns that object's three directory handles (protocol::Place);
/// OpenLockDirectory must come first and replaces all three.
///
/// A failed step leaves an errno value in Result::error. A rename, link or create that fails with an error that does
/// not say that it was refused (EIO, ETIMEDOUT, EINTR, ...) may have been executed, or may still be executed later.
/// Thread safety: distinct objects are independent; one object must not be used by two threads at once.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  FileSystem() = default;
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;

  /// Performs one step and fills in the result, except its two times. Any step but ProbeProcess and a WaitUntil for
  /// time alone, which are answered with EINVAL: they belong to other ports. Never throws.
  virtual void perform(const protocol::Step& step, protocol::Result& result) noexcept = 0;
};

}  // namespace leaselock::ports
