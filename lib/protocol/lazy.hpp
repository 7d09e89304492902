#pragma once

#include <optional>

namespace leaselock::protocol {

/// A part of an operation that most runs of it never need: made when it is first used. Operations are kilobytes of such
/// parts, and an uncontended lock() is a microsecond.
template <class Part>
class Lazy {
 public:
  Part* operator->() {
    if (!part_) part_.emplace();
    return &*part_;
  }
  /// As it was before its first use.
  Part* anew() { return &part_.emplace(); }

 private:
  std::optional<Part> part_;
};

}  // namespace leaselock::protocol
