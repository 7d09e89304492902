#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <string>
#include <system_error>

#include "commands.hpp"
#include "line.hpp"

namespace leaselock::nfs {
namespace {

std::chrono::nanoseconds read(clockid_t which) {
  timespec now{};
  ::clock_gettime(which, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

void set(double seconds) {
  const auto offset = std::chrono::round<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds));
  const auto time = read(CLOCK_REALTIME) + offset;
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const timespec now{whole.count(), (time - whole).count()};
  if (::clock_settime(CLOCK_REALTIME, &now) != 0)
    throw std::system_error(errno, std::system_category(), "clock_settime");
}

// The tick alone moves the rate by steps of 100 ppm and up to 10 %; the frequency does the rest, at most 500 ppm.
void drift(double ppm) {
  const double steps = std::round(ppm / 100);
  timex change{};
  change.modes = ADJ_TICK | ADJ_FREQUENCY;
  change.tick = 10'000 + static_cast<long>(steps);
  change.freq = std::lround((ppm - steps * 100) * 65'536);
  if (::adjtimex(&change) < 0) throw std::system_error(errno, std::system_category(), "adjtimex");
}

void say_clocks() {
  const auto us = [](clockid_t which) { return std::to_string(read(which) / std::chrono::microseconds(1)); };
  EventLine line("clock", "read");
  line.with("realtime_us", us(CLOCK_REALTIME)).with("boottime_us", us(CLOCK_BOOTTIME)).with("tsc", cycles()).say();
}

}  // namespace

int clock(Arguments arguments) {
  const std::string what = arguments.positional(0, "set, drift or read");
  if (what == "set") {
    set(to_number(arguments.positional(1, "SECONDS"), "SECONDS"));
  } else if (what == "drift") {
    drift(to_number(arguments.positional(1, "PPM"), "PPM"));
  } else if (what != "read") {
    throw UsageError("clock set, drift or read, not " + what);
  }
  arguments.expect_all_used();
  say_clocks();
  return 0;
}

}  // namespace leaselock::nfs
