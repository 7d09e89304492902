#include "posix/wait_readable.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>

namespace leaselock::posix {

namespace {

// The clock of poll(2) stands still while the machine is suspended and ours does not, so it is asked in short pieces.
constexpr Duration longest_piece = std::chrono::seconds(1);

timespec to_length(Duration length) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(length);
  timespec result{};
  result.tv_sec = static_cast<std::time_t>(whole.count());
  result.tv_nsec = static_cast<long>((length - whole).count());
  return result;
}

}  // namespace

bool wait_readable(std::span<pollfd> descriptors, LeaseTime until) {
  nfds_t count = descriptors.size();
  for (LeaseTime time = LeaseClock::now();; time = LeaseClock::now()) {
    // Also asked when the time is over already: what has happened by then is told.
    const Duration left = time < until ? std::min(until - time, longest_piece) : Duration::zero();
    const timespec piece = to_length(left);
    const int found = ::ppoll(descriptors.data(), count, &piece, nullptr);
    if (found > 0) return true;
    if (left == Duration::zero()) return false;
    // Out of memory, or more descriptors than the process may have: what is left is to let the time pass.
    if (found < 0 && errno != EINTR) count = 0;
  }
}

}  // namespace leaselock::posix
