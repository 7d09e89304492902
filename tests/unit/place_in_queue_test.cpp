// How a waiter follows the queue (docs/protocol.md 7.1, 7.2), without any waiting: time is what the replies say.

#include <gtest/gtest.h>

#include "protocol/place_in_queue.hpp"

namespace leaselock::protocol {
namespace {

using namespace std::chrono_literals;

LeaseTime at(Duration moment) { return LeaseTime(1h + moment); }

class PlaceInQueueTest : public testing::Test {
 protected:
  PlaceInQueueTest() { session.fence_open = true; }

  std::string ticket_of(const std::string& random, std::int64_t stamp_ns) const {
    return session.names.ticket({stamp_ns, Owner{"elsewhere", 1, "0123456789abcdef", 1, random}});
  }
  /// What a listing says in which so many were there before us: others, whose tickets are from 1 on.
  Scan scan_of(std::int64_t others, Duration moment) {
    Result asked;
    asked.status.links = static_cast<std::uint32_t>(others) + 2;
    asked.status.changed = ServerTime(moment);
    Result answer;
    answer.received = at(moment);
    answer.entries.push_back({session.names.baton(Baton{}), {}});
    for (std::int64_t i = 1; i <= others; ++i) answer.entries.push_back({ticket_of(std::string(32, 'a'), i), {}});
    Scan scan;
    scan.start(session, {});
    scan.resume(session, asked);
    scan.resume(session, answer);
    return scan;
  }
  void list(PlaceInQueue& whose, std::int64_t others, Duration moment) {
    const Scan scan = scan_of(others, moment);
    whose.listed(session, scan, stand(session, scan), scan.changed());
  }
  static PlaceInQueue::Advice poll(PlaceInQueue& whose, std::uint32_t others, Duration moment, bool changed = true) {
    FileStatus directory;
    directory.links = others + 2 + 1;  // and ours
    directory.changed = ServerTime(changed ? moment : 0s);
    return whose.polled(directory, at(moment));
  }

  Session session{[] {
                    Settings settings;
                    settings.base = "L";
                    return settings;
                  }(),
                  Owner{"here", 2, "0123456789abcdef", 2, std::string(32, 'b')}};
  PlaceInQueue place;
};

TEST_F(PlaceInQueueTest, who_was_passed_stands_where_its_ticket_was_as_long_as_it_may_go_back_there) {
  session.ticket = ticket_of(session.me.random, 3);
  session.arrival_ns = 3;
  const Standing back = stand(session, scan_of(9, 0s));
  EXPECT_TRUE(back.passed);
  EXPECT_EQ(back.ahead, 3U);
  session.arrival_ns.reset();
  EXPECT_EQ(stand(session, scan_of(9, 0s)).ahead, 9U);
}

TEST_F(PlaceInQueueTest, the_link_count_tells_who_has_gone_without_a_listing) {
  list(place, 100, 0s);
  EXPECT_EQ(poll(place, 95, 200ms), PlaceInQueue::Advice::sleep);
  EXPECT_EQ(place.ahead(), 95U);
  EXPECT_EQ(poll(place, 1, 4s), PlaceInQueue::Advice::list);
}

TEST_F(PlaceInQueueTest, in_a_short_queue_those_who_come_do_not_hide_for_long_that_others_go) {
  list(place, 20, 0s);
  list(place, 18, 1s);
  EXPECT_EQ(poll(place, 17, 3s), PlaceInQueue::Advice::list);
}

TEST_F(PlaceInQueueTest, nothing_is_listed_while_all_stand_still) {
  list(place, 20, 0s);
  EXPECT_EQ(poll(place, 20, 5s, false), PlaceInQueue::Advice::sleep);
  EXPECT_EQ(poll(place, 20, 10s, false), PlaceInQueue::Advice::sleep);
}

TEST_F(PlaceInQueueTest, nobody_sleeps_quite_as_long_as_it_expects_to_wait_or_the_queue_would_never_become_faster) {
  list(place, 11, 0s);
  list(place, 9, 40ms);
  EXPECT_EQ(place.until_near(1ms), 140ms);
}

TEST_F(PlaceInQueueTest, a_guess_allows_a_second_at_first_and_longer_sleeps_while_the_queue_stands) {
  list(place, 1000, 0s);
  EXPECT_EQ(place.until_near(1ms), 1s);
  poll(place, 1000, 1s, false);
  EXPECT_EQ(place.until_near(1ms), 2s);
}

TEST_F(PlaceInQueueTest, who_waits_again_begins_with_the_pace_it_saw_last) {
  list(place, 30, 0s);
  list(place, 20, 100ms);
  PlaceInQueue next;
  list(next, 17, 1s);
  EXPECT_EQ(next.until_near(1ms), 140ms);
}

TEST_F(PlaceInQueueTest, who_was_passed_takes_the_queue_for_twice_as_fast) {
  list(place, 20, 0s);
  list(place, 17, 60ms);
  session.ticket = ticket_of(session.me.random, 99);
  list(place, 17, 80ms);
  EXPECT_EQ(place.until_near(1ms), 140ms);
}

}  // namespace
}  // namespace leaselock::protocol
