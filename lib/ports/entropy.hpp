#pragma once

#include <array>
#include <cstdint>

namespace leaselock::ports {

/// Random bits that no other process on any host draws again, and that a forked child does not repeat.
/// Thread safety: shared by all Lock objects.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual std::array<std::uint64_t, 2> draw() = 0;
};

}  // namespace leaselock::ports
