#pragma once

#include <cstdint>
#include <string>

#include "verify/descriptor.hpp"

namespace leaselock::tool::verify {

/// The resource that the lock of the contest protects: a number on the server, read at the start of a hold and written
/// one higher at its end, so that two holds at once lose a count. It is the modification time of a directory, in
/// seconds, because the server itself keeps that: it is asked for it each time, no client delays the write, and nothing
/// stays to be removed.
class Counter {
 public:
  /// Throws: std::system_error.
  explicit Counter(const std::string& contest);
  /// Throws: std::system_error.
  std::int64_t read() const;
  /// Throws: std::system_error; then nobody knows whether it was written.
  void write(std::int64_t number) const;

 private:
  Descriptor directory_;
};

}  // namespace leaselock::tool::verify
