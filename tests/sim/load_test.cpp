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

struct Cycles {
  double requests = 0;  ///< for each hand-off
  Duration median{};    ///< between two holds
  Duration longest{};
  std::size_t overtaken = 0;  ///< pairs of holds in another order than their owners came, by half a second and more
  std::size_t fewest = 0;     ///< holds of one
  std::size_t most = 0;
};

/// Everybody comes back soon, for a minute.
Cycles cycles(int people, Crowd::Setting setting, Duration holds) {
  Crowd crowd(setting);
  for (int i = 0; i < people; ++i) crowd.add({.comes = i * 7ms, .holds = holds, .idle = 10ms});
  crowd.run_until(10s);
  const std::uint64_t before = crowd.requests();
  const std::size_t first = crowd.holds().size();
  crowd.run_until(70s);
  const std::size_t last = crowd.holds().size() - 1;
  Cycles seen;
  seen.requests = static_cast<double>(crowd.requests() - before) / static_cast<double>(last - first);
  std::vector<Duration> gaps;
  std::vector<std::size_t> share(static_cast<std::size_t>(people));
  for (std::size_t i = first; i < last; ++i) {
    const auto& hold = crowd.holds()[i];
    ++share.at(hold.who);
    gaps.push_back(crowd.holds()[i + 1].from - hold.until);
    for (std::size_t j = i + 1; j < std::min(last, i + 200); ++j) {
      if (crowd.holds()[j].came + 500ms < hold.came) ++seen.overtaken;
    }
  }
  std::ranges::sort(gaps);
  seen.median = gaps.at(gaps.size() / 2);
  seen.longest = gaps.back();
  seen.fewest = *std::ranges::min_element(share);
  seen.most = *std::ranges::max_element(share);
  return seen;
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

TEST(Cycles, StarveNobodyWhereMessagesAreLate) {
  for (const Duration late : {Duration(20ms), Duration(100ms), Duration(300ms)}) {
    for (const int people : {8, 32}) {
      const Cycles seen = cycles(people, {.round_trip = 10ms, .late = late}, 1ms);
      std::cout << in(1ms, late) << " ms late, " << people << " people: " << seen.requests
                << " requests for each, median gap " << in(1ms, seen.median) << " ms, longest " << in(1ms, seen.longest)
                << " ms, each had it " << seen.fewest << " to " << seen.most << " times\n";
      EXPECT_LE(seen.most, seen.fewest + 2);
    }
  }
}

TEST(Cycles, WithTheMirrorAreNotHeldUpByTidying) {
  const Cycles seen = cycles(64, {.round_trip = 10ms, .mirror = true}, 1ms);
  std::cout << "64 people, with the mirror: " << seen.requests << " requests for each, median gap "
            << in(1ms, seen.median) << " ms, longest " << in(1ms, seen.longest) << " ms, each had it " << seen.fewest
            << " to " << seen.most << " times\n";
  EXPECT_LT(seen.requests, 60);
  EXPECT_LE(seen.most, seen.fewest + 1);
}

TEST(Cycles, LetAllHaveTheLockEquallyOftenAndInOrder) {
  for (const Duration round_trip : {Duration(1ms), Duration(10ms)}) {
    for (const int people : {2, 8, 32}) {
      for (const Duration holds : {Duration(1ms), Duration(10ms), Duration(100ms)}) {
        const Cycles seen = cycles(people, {.round_trip = round_trip}, holds);
        std::cout << in(1ms, round_trip) << " ms, " << people << " people, holds of " << in(1ms, holds)
                  << " ms: " << seen.requests << " requests for each, median gap " << in(1ms, seen.median)
                  << " ms, longest " << in(1ms, seen.longest) << " ms, each had it " << seen.fewest << " to "
                  << seen.most << " times\n";
        EXPECT_EQ(seen.overtaken, 0U);
        EXPECT_LE(seen.most, seen.fewest + 1);
      }
    }
  }
}

}  // namespace
}  // namespace leaselock::sim
