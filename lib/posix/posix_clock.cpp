#include "posix/posix_clock.hpp"

#include <time.h>

#include <chrono>

#include "posix/wait_readable.hpp"

namespace leaselock {

LeaseTime LeaseClock::now() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);  // cannot fail: the clock exists since Linux 2.6.39
  return LeaseTime(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

namespace posix {

// Not by a timer of Boost.Asio, which takes three descriptors and throws when there are none left.
void PosixClock::wait_until(LeaseTime until) { wait_readable({}, until); }

}  // namespace posix

}  // namespace leaselock
