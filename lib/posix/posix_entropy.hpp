#pragma once

#include "ports/entropy.hpp"

namespace leaselock::posix {

/// The kernel's random numbers; nothing is buffered, so a forked child draws others.
class PosixEntropy final : public ports::Entropy {
 public:
  /// Throws: std::system_error when the kernel refuses.
  std::array<std::uint64_t, 2> draw() override;
};

}  // namespace leaselock::posix
