#include "stop_signal.hpp"

#include <pthread.h>
#include <signal.h>

#include <cerrno>

namespace leaselock::nfs {
namespace {

sigset_t sigterm_only() {
  sigset_t signals;
  ::sigemptyset(&signals);
  ::sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

StopSignal::StopSignal(std::optional<std::chrono::nanoseconds> after) {
  const sigset_t signals = sigterm_only();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  waiter_ = std::thread([this, after, signals] {
    const auto end = std::chrono::steady_clock::now() + after.value_or(std::chrono::nanoseconds(0));
    for (;;) {
      const std::chrono::nanoseconds left =
          after ? std::max(std::chrono::nanoseconds(0), end - std::chrono::steady_clock::now())
                : std::chrono::hours(24);
      const timespec patience{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
      const int got = ::sigtimedwait(&signals, nullptr, &patience);
      if (got == SIGTERM || (after && errno == EAGAIN)) break;
    }
    source_.request_stop();
  });
}

StopSignal::~StopSignal() {
  ::pthread_kill(waiter_.native_handle(), SIGTERM);
  waiter_.join();
}

}  // namespace leaselock::nfs
