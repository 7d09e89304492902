#pragma once

#include <cstdint>

namespace leaselock::nfs {

/// A value of the CPU's time stamp counter: the one clock that every kernel of the cluster and the host share.
using Cycles = std::uint64_t;

/// Reads the counter. The fences keep what stands before it in the program before it in time, and what stands after it
/// after.
inline Cycles cycles() noexcept {
  __builtin_ia32_lfence();
  const Cycles now = __builtin_ia32_rdtsc();
  __builtin_ia32_lfence();
  return now;
}

/// How fast the counter runs; measured once, which takes 50 ms. On the host only: in the cluster clocks are made wrong.
double cycles_per_us();

}  // namespace leaselock::nfs
