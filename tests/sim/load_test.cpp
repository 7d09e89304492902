#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include "crowd.hpp"

/// What waiting costs the server, and how long a hand-off takes, in simulated time: the same numbers on every machine.
namespace leaselock::sim {
namespace {

using namespace std::chrono_literals;

/// Requests a second of all waiters and the holder, over a minute, once everybody waits.
double polling_load(int waiters) {
  Crowd crowd({.hosts = 10});
  crowd.add({.comes = 0s, .holds = 1000s});
  for (int i = 0; i < waiters; ++i) crowd.add({.comes = 1s + i * 10ms});
  const Duration settled = 1s + waiters * 10ms + 20s;
  crowd.run_until(settled);
  EXPECT_EQ(crowd.waiting(), static_cast<std::size_t>(waiters));
  const std::uint64_t before = crowd.requests();
  crowd.run_until(settled + 60s);
  return static_cast<double>(crowd.requests() - before) / 60;
}

struct Drain {
  double requests = 0;  ///< for each hand-off
  Duration median{};    ///< from the call of unlock() to the return of the next one's lock()
  Duration longest{};
};

/// Everybody waits; then each gets the lock once, for a moment.
Drain drain(int waiters, Duration round_trip) {
  Crowd crowd({.round_trip = round_trip});
  const Duration first_hold = 3s;
  crowd.add({.comes = 0s, .holds = first_hold});
  for (int i = 0; i < waiters; ++i) crowd.add({.comes = 100ms + i * 5ms, .holds = 1ms});
  crowd.run_until(first_hold - 100ms);
  const std::uint64_t before = crowd.requests();
  crowd.run_until(1000s);
  EXPECT_EQ(crowd.waiting(), 0U);
  std::vector<Duration> gaps;
  for (std::size_t i = 1; i < crowd.holds().size(); ++i) {
    gaps.push_back(crowd.holds()[i].from - crowd.holds()[i - 1].until);
  }
  std::ranges::sort(gaps);
  return {static_cast<double>(crowd.requests() - before) / waiters, gaps.at(gaps.size() / 2), gaps.back()};
}

double in(Duration unit, Duration length) {
  return static_cast<double>(length.count()) / static_cast<double>(unit.count());
}

TEST(PollingLoad, OfAThousandWaitersStaysBelowSixHundredRequestsASecond) {
  for (const int waiters : {10, 100, 1000}) {
    const double load = polling_load(waiters);
    std::cout << waiters << " waiters: " << load << " requests/s\n";
    EXPECT_LT(load, 600);
  }
}

TEST(HandOff, CostsNoMoreRequestsWhenManyWait) {
  const Drain few = drain(2, 1ms);
  std::cout << "2 waiters: " << few.requests << " requests for a hand-off\n";
  for (const int waiters : {8, 32, 128}) {
    const Drain many = drain(waiters, 1ms);
    std::cout << waiters << " waiters: " << many.requests << " requests for a hand-off\n";
    if (waiters > 32) continue;  // one page of names does not hold them
    EXPECT_LE(many.requests, 1.2 * few.requests);
  }
}

TEST(HandOff, NeedsNobodysPatience) {
  for (const Duration round_trip : {Duration(1ms), Duration(10ms)}) {
    for (const int waiters : {2, 8, 32, 128}) {
      const Drain seen = drain(waiters, round_trip);
      std::cout << in(1ms, round_trip) << " ms, " << waiters << " waiters: median " << in(round_trip, seen.median)
                << " round trips, longest " << in(round_trip, seen.longest) << '\n';
      EXPECT_LT(seen.median, 1s);
    }
  }
}

}  // namespace
}  // namespace leaselock::sim
