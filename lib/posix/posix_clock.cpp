#include "posix/posix_clock.hpp"

#include <time.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>

namespace leaselock {

LeaseTime LeaseClock::now() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);  // cannot fail: the clock exists since Linux 2.6.39
  return LeaseTime(std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

namespace posix {

void PosixClock::wait_until(LeaseTime until) {
  if (now() >= until) return;
  boost::asio::io_context context;
  boost::asio::steady_timer timer(context);
  // The timer's clock stands still while the machine is suspended and ours does not, so it is asked in short pieces.
  constexpr Duration longest_piece = std::chrono::seconds(1);
  for (LeaseTime time = now(); time < until; time = now()) {
    timer.expires_after(std::min(until - time, longest_piece));
    // A signal ends the wait with an error; the loop goes on with what is left.
    boost::system::error_code interrupted;
    timer.wait(interrupted);
  }
}

}  // namespace posix

}  // namespace leaselock
