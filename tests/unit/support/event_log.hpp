#pragma once

#include <gtest/gtest.h>

#include <ostream>
#include <vector>

#include "bench_lock.hpp"
#include "leaselock/leaselock.hpp"

namespace leaselock {

/// For GoogleTest.
inline void PrintTo(EventKind kind, std::ostream* out) { *out << to_string(kind); }

}  // namespace leaselock

namespace leaselock::test {

/// Locks that are heard.
class EventLog : public testing::Test {
 protected:
  LockOptions options() {
    LockOptions options;
    options.lifetime = std::chrono::seconds(20);
    options.stamp_error = std::chrono::milliseconds(20);
    options.grace = std::chrono::milliseconds(200);
    return options;
  }
  LockOptions heard() {
    LockOptions with = options();
    with.on_event = [this](const Event& event) { events.push_back(event); };
    return with;
  }
  std::vector<EventKind> kinds() const {
    std::vector<EventKind> all;
    for (const Event& event : events) all.push_back(event.kind);
    return all;
  }
  const Event& last() const { return events.back(); }

  TemporaryDirectory directory;
  boost::filesystem::path path = directory.path() / "job.lock";
  std::vector<Event> events;
};

}  // namespace leaselock::test
