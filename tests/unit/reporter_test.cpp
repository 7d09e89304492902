// Goal: what is told is told once, not too often, and as one line of a log. Method: a reporter that is given sessions
// and times made up; events made up.
#include "reporter.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/event_log.hpp"

namespace leaselock::test {
namespace {

using namespace std::chrono_literals;
using enum EventKind;
using Kinds = std::vector<EventKind>;

/// A reporter that is told of what did not happen.
class AReporter : public EventLog {
 protected:
  void told_to_wait(const std::string& host, LeaseTime now) {
    session.holder.emplace();
    session.holder->owner.host = host;
    reporter->next(protocol::step::WaitUntil{now + 1s}, session, now);
  }

  protocol::Session session{settings_for(path), protocol::Owner{}};
  std::unique_ptr<Reporter> reporter = Reporter::make(path, heard(), ports::native_environment());
  const LeaseTime start{1000s};
};

TEST_F(AReporter, tells_a_waiter_of_another_holder_and_at_most_once_a_second) {
  reporter->begin_acquire(session, start, start);
  told_to_wait("a", start);
  told_to_wait("b", start + 999ms);
  told_to_wait("a", start + 2s);
  told_to_wait("b", start + 3s);
  told_to_wait("c", start + 3999ms);
  told_to_wait("c", start + 4s);
  std::vector<std::string> hosts;
  for (const Event& event : events) hosts.push_back(event.holder->host);
  EXPECT_EQ(hosts, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(last().waited, 4s);
}

TEST_F(AReporter, counts_the_wait_from_the_call_and_not_from_when_it_began) {
  reporter->begin_acquire(session, start, start + 5s);
  reporter->end_acquire(session, Errc::timed_out, start + 7s);
  ASSERT_EQ(kinds(), Kinds{gave_up});
  EXPECT_EQ(last().waited, 7s);
}

TEST_F(AReporter, tells_of_leftovers_once) {
  reporter->begin_acquire(session, start, start);
  session.files_swept = 3;
  reporter->next(protocol::step::List{protocol::Place::fence}, session, start);
  reporter->next(protocol::step::List{protocol::Place::fence}, session, start);
  ASSERT_EQ(kinds(), Kinds{swept});
  EXPECT_EQ(last().files, 3U);
}

TEST_F(AReporter, is_not_made_when_nobody_listens) {
  EXPECT_EQ(Reporter::make(path, options(), ports::native_environment()), nullptr);
}

TEST(AnEventsLine, has_each_fact_as_a_word) {
  Event event;
  event.kind = acquired;
  event.time = WallTime(1795245330250ms);
  event.lockfile = "/srv/report.lock";
  event.token = 17;
  event.waited = 1250ms;
  event.remaining = 14998ms;
  event.predecessor = PredecessorEnd::died;
  event.holder = Holder{"web3", 4711, "", WallTime(1795245329250ms), 16};
  EXPECT_EQ(to_string(event),
            "time=2026-11-21T07:15:30.250Z event=acquired lock=/srv/report.lock token=17 waited=1.250s "
            "remaining=14.998s predecessor=died host=web3 pid=4711 holder_token=16 expires=2026-11-21T07:15:29.250Z");
}

TEST(AnEventsLine, is_one_line_whatever_others_wrote) {
  Event event;
  event.kind = lost;
  event.lockfile = "/srv/a \"b\"\\\n\xC3\xA4";
  event.held = -1ms;
  event.error = Errc::lease_lost;
  const std::string line = to_string(event);
  EXPECT_NE(line.find(R"( lock="/srv/a \"b\"\\\x0a\xc3\xa4" held=-0.001s error=")"), std::string::npos) << line;
  EXPECT_TRUE(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; }));
}

}  // namespace
}  // namespace leaselock::test
