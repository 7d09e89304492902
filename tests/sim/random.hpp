#pragma once

#include <cstddef>
#include <cstdint>

#include "leaselock/lease_time.hpp"

namespace leaselock::sim {

/// The only source of chance in the simulator: a schedule is a function of its seed (splitmix64).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  /// In [0, limit).
  std::uint64_t below(std::uint64_t limit) { return limit == 0 ? 0 : next() % limit; }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low + 1)));
  }
  Duration between(Duration low, Duration high) { return Duration(between(low.count(), high.count())); }
  bool chance(std::uint32_t per_mille) { return per_mille != 0 && below(1000) < per_mille; }
  template <class List>
  const auto& pick(const List& list) {
    return list[static_cast<std::size_t>(below(list.size()))];
  }
  /// A generator of its own, so that drawing more in one place does not shift what is drawn in another.
  Random fork() { return Random(next()); }

 private:
  std::uint64_t state_;
};

}  // namespace leaselock::sim
