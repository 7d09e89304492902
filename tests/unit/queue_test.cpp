// The queue of fenced mode (docs/protocol.md 7.2).

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "support/queue.hpp"

namespace leaselock::test {
namespace {

namespace fs = boost::filesystem;
namespace step = protocol::step;
using namespace std::chrono_literals;

TEST_F(Queue, a_waiter_makes_a_ticket_and_flags_the_held_name_once_and_leaves_nothing_when_it_gives_up) {
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  Contender waiter(settings);
  int sleeps = 0;
  waiter.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
    if (!std::holds_alternative<step::WaitUntil>(step)) return std::nullopt;
    EXPECT_EQ(tickets(), 1U);
    EXPECT_NE(baton().find("|w1"), std::string::npos) << baton();
    if (++sleeps == 3) waiter.engine.give_up();
    return protocol::Result{};
  };
  EXPECT_EQ(waiter.lock_within(1h), Errc::timed_out);
  EXPECT_EQ(tickets(), 0U);
  const auto done = verbs(waiter.steps);
  EXPECT_EQ(std::ranges::count(done, "create"), 1);
  EXPECT_EQ(std::ranges::count(done, "rename"), 1);
  EXPECT_EQ(done.back(), "unlink");
}

TEST_F(Queue, an_attempt_without_a_timeout_makes_no_ticket) {
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  Contender other(settings);
  EXPECT_EQ(other.try_lock(), Errc::timed_out);
  EXPECT_EQ(in_fence().size(), 1U);
}

TEST_F(Queue, whoever_gives_back_a_flagged_lock_looks_before_taking_it_again_and_waits_behind_the_ticket) {
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  ASSERT_FALSE(holder.unlock());
  ASSERT_FALSE(holder.try_lock());
  ASSERT_EQ(verbs(holder.steps), (std::vector<std::string>{"rename"}));
  Contender waiter(settings);
  waiter.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
    if (!std::holds_alternative<step::WaitUntil>(step)) return std::nullopt;
    EXPECT_FALSE(holder.unlock());
    EXPECT_EQ(holder.try_lock(), Errc::timed_out);
    return protocol::Result{};
  };
  EXPECT_FALSE(waiter.lock_within(1h));
  EXPECT_EQ(tickets(), 0U);
}

TEST_F(Queue, without_fairness_nobody_makes_or_minds_a_ticket) {
  settings.fair = false;
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  plant_ticket();
  ASSERT_FALSE(holder.unlock());
  EXPECT_FALSE(Contender(settings).try_lock());
  EXPECT_EQ(tickets(), 1U);
}

TEST_F(Queue, a_ticket_whose_owner_does_not_act_is_passed_after_a_while_and_taken_away) {
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  ASSERT_FALSE(holder.unlock());
  plant_ticket();
  Contender waiter(settings);
  int sleeps = 0;
  waiter.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
    if (std::holds_alternative<step::WaitUntil>(step)) ++sleeps;
    return std::nullopt;
  };
  EXPECT_FALSE(waiter.lock_within(1h));
  EXPECT_GT(sleeps, 0);
  EXPECT_EQ(tickets(), 0U);
}

TEST_F(Queue, a_lock_that_was_idle_for_long_is_taken_at_once_in_spite_of_old_tickets) {
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  ASSERT_FALSE(holder.unlock());
  plant_ticket();
  Contender late(settings);
  late.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
    protocol::Result result = late.really(step);
    if (std::holds_alternative<step::Touch>(step)) result.status.changed += 1min;
    return result;
  };
  EXPECT_FALSE(late.try_lock());
  EXPECT_EQ(tickets(), 0U);
}

TEST_F(Queue, a_ticket_is_removed_whether_it_is_a_file_or_a_directory) {
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  for (const bool network : {false, true}) {
    ASSERT_FALSE(holder.unlock());
    const fs::path ticket = plant_ticket();
    if (network) {
      fs::remove(ticket);
      std::ofstream(ticket.string());
    }
    Contender passer(settings);
    passer.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
      protocol::Result result = passer.really(step);
      if (network) result.local = false;
      if (std::holds_alternative<step::Touch>(step)) result.status.changed += 1min;
      return result;
    };
    EXPECT_FALSE(passer.try_lock());
    EXPECT_EQ(tickets(), 0U);
    ASSERT_FALSE(passer.unlock());
    ASSERT_FALSE(holder.try_lock());
  }
}

TEST_F(Queue, who_comes_gets_behind_those_it_sees_whatever_the_clocks_say) {
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  const std::string early = plant_ticket(9'000'000'000'000'000'000).filename().string();
  Contender waiter(settings);
  waiter.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
    if (!std::holds_alternative<step::WaitUntil>(step)) return std::nullopt;
    EXPECT_EQ(tickets(), 2U);
    EXPECT_GT(in_fence().back(), early);
    waiter.engine.give_up();
    return protocol::Result{};
  };
  EXPECT_EQ(waiter.lock_within(1h), Errc::timed_out);
}

TEST_F(Queue, a_waiter_that_was_passed_goes_back_to_its_place_once_and_then_behind_the_others) {
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  Contender waiter(settings);
  std::vector<std::string> seen;
  waiter.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
    if (!std::holds_alternative<step::WaitUntil>(step)) return std::nullopt;
    const std::string mine = in_fence().back();
    seen.push_back(mine);
    if (seen.size() < 3) fs::remove(fs::path(path.string() + "|fence") / mine);
    if (seen.size() == 3) waiter.engine.give_up();
    return std::nullopt;
  };
  EXPECT_EQ(waiter.lock_within(1h), Errc::timed_out);
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_TRUE(seen[0].starts_with("q|"));
  EXPECT_EQ(seen[0], seen[1]);
  EXPECT_LT(seen[1], seen[2]);
}

TEST_F(Queue, a_fence_that_was_destroyed_under_a_new_ticket_is_made_anew) {
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  fs::remove(fs::path(path.string() + "|fence") / baton());
  plant_ticket();
  Contender other(settings);
  EXPECT_FALSE(other.try_lock());
  EXPECT_EQ(tickets(), 0U);
  EXPECT_EQ(in_fence().size(), 1U);
}

TEST_F(Queue, who_broke_a_hold_and_had_to_try_again_still_knows_that_it_was_broken) {
  settings.fair = false;
  settings.lifetime = 100ms;
  Contender crashed(settings);
  ASSERT_FALSE(crashed.try_lock());
  Contender waiter(settings);
  int takes = 0;
  bool late = false;
  waiter.interceptor = [&](const protocol::Step& step) -> std::optional<protocol::Result> {
    if (const auto* rename = std::get_if<step::Rename>(&step)) {
      late = rename->to.find("|h|") != std::string::npos && ++takes == 1;
    }
    protocol::Result result = waiter.really(step);
    if (late) result.received += 1h;
    return result;
  };
  EXPECT_FALSE(waiter.lock_within(2h));
  EXPECT_EQ(takes, 2);
  EXPECT_EQ(waiter.engine.session().predecessor, protocol::Ending::expired);
}

TEST_F(Queue, a_waiter_flags_over_a_network_only_after_asking_when_the_name_was_made) {
  Contender holder(settings);
  ASSERT_FALSE(holder.try_lock());
  Contender waiter(settings);
  pretend_network(waiter);
  const auto really = waiter.interceptor;
  waiter.interceptor = [&, really](const protocol::Step& step) -> std::optional<protocol::Result> {
    if (!std::holds_alternative<step::WaitUntil>(step)) return really(step);
    waiter.engine.give_up();
    return protocol::Result{};
  };
  EXPECT_EQ(waiter.lock_within(1h), Errc::timed_out);
  const auto done = verbs(waiter.steps);
  const auto ticket = std::ranges::find(done, "mkdir");
  EXPECT_EQ(std::vector<std::string>(ticket, done.end()),
            (std::vector<std::string>{"mkdir", "look!", "rename", "wait", "look!", "list", "probe", "rmdir"}));
}

}  // namespace
}  // namespace leaselock::test
