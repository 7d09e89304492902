#include "cycles.hpp"

#include <chrono>
#include <thread>

namespace leaselock::nfs {
namespace {

double measure() {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const Cycles first = cycles();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto end = Clock::now();
  const Cycles last = cycles();
  return static_cast<double>(last - first) / std::chrono::duration<double, std::micro>(end - start).count();
}

}  // namespace

double cycles_per_us() {
  static const double rate = measure();
  return rate;
}

}  // namespace leaselock::nfs
