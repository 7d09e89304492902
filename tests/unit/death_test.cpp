// What the death of an owner's process is worth (docs/protocol.md section 8).

#include <gtest/gtest.h>

#include "support/queue.hpp"

namespace leaselock::test {
namespace {

namespace step = protocol::step;
using namespace std::chrono_literals;

TEST_F(Queue, on_a_local_file_system_the_lock_of_a_dead_process_is_taken_at_once) {
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  Contender other(settings);
  other.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
    if (!std::holds_alternative<step::ProbeProcess>(step)) return std::nullopt;
    protocol::Result result;
    result.gone = true;
    return result;
  };
  EXPECT_FALSE(other.try_lock());
  EXPECT_EQ(other.engine.session().predecessor, protocol::Ending::expired);
}

TEST_F(Queue, over_a_network_a_dead_process_must_have_been_seen_alive_under_the_same_name) {
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  for (const bool seen_alive : {false, true}) {
    ASSERT_FALSE(holder.refresh());  // a flag of an earlier waiter would be another reason for doubt
    Contender other(settings);
    LeaseTime died{};
    other.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
      protocol::Result result = other.really(step);
      result.local = false;
      if (!std::holds_alternative<step::ProbeProcess>(step)) return result;
      result.runs = seen_alive && died == LeaseTime{};
      result.gone = !result.runs;
      if (died == LeaseTime{}) died = other.now();
      return result;
    };
    // Alive at the first look, gone at every later one.
    const std::error_code error = other.lock_within(seen_alive ? 60s : 1s);
    EXPECT_EQ(!error, seen_alive) << error.message();
    if (!error) {
      EXPECT_GT(other.now() - died, settings.grace.value() + settings.stamp_error.value());
    }
  }
}

TEST_F(Queue, who_is_never_first_in_line_asks_for_the_holders_process_after_each_wait) {
  settings.gate = true;
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  Contender waiter(settings);
  int probes = 0;
  waiter.interceptor = [&](const protocol::Step& step) {
    protocol::Result result;
    const bool stands = std::holds_alternative<step::EnterGate>(step);
    if (!stands) result = waiter.really(step);
    if (stands) result.error = ETIMEDOUT;
    result.local = result.wakes = true;
    if (std::holds_alternative<step::ProbeProcess>(step)) result.gone = ++probes == 3;
    return result;
  };
  EXPECT_FALSE(waiter.lock_within(1s));
  EXPECT_EQ(probes, 3);
}

TEST_F(Queue, who_is_far_from_the_front_is_not_woken_by_the_holders_death_which_it_does_not_ask_about) {
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  for (const int before : {0, 1, 2, 3}) {
    if (before > 0) plant_ticket(before);
    Contender waiter(settings);
    std::optional<bool> woken;
    waiter.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
      const auto* wait = std::get_if<step::WaitUntil>(&step);
      protocol::Result result = wait != nullptr ? protocol::Result{} : waiter.really(step);
      result.local = false;
      if (wait != nullptr && waiter.engine.session().ticket.empty()) return result;
      if (wait != nullptr) {
        woken = wait->process.has_value();
        waiter.engine.give_up();
      }
      return result;
    };
    EXPECT_EQ(waiter.lock_within(1h), Errc::timed_out);
    EXPECT_EQ(woken, before < 2) << before << " before it";
  }
}

}  // namespace
}  // namespace leaselock::test
