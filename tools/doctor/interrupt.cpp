#include "doctor/interrupt.hpp"

#include <signal.h>

#include <array>
#include <atomic>

namespace leaselock::tool::doctor {

namespace {

constexpr std::array<int, 3> watched{SIGHUP, SIGINT, SIGTERM};
std::atomic<int> arrived{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may not wait for a lock");

void note(int signal_number) { arrived = signal_number; }

}  // namespace

InterruptWatch::InterruptWatch() {
  for (const int number : watched) {
    struct sigaction before {};
    sigaction(number, nullptr, &before);
    if (before.sa_handler == SIG_IGN) continue;  // as nohup(1) wants
    struct sigaction action {};
    action.sa_handler = note;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(number, &action, nullptr);
  }
}

InterruptWatch::~InterruptWatch() {
  for (const int number : watched) {
    struct sigaction now {};
    sigaction(number, nullptr, &now);
    if (now.sa_handler == note) signal(number, SIG_DFL);
  }
}

void InterruptWatch::check() {
  if (const int number = arrived; number != 0) throw Interrupted{number};
}

}  // namespace leaselock::tool::doctor
