#include <algorithm>
#include <vector>

#include "support/judgement.hpp"

/// The states of a lease that is kept alive, and what leads from one to the other.
namespace leaselock::keep {
namespace {

using namespace std::chrono_literals;

TEST_F(Judgement, a_fresh_lease_is_held_until_the_margin_is_reached) {
  begin();
  EXPECT_FALSE(look());
  EXPECT_EQ(state(), LeaseState::held);
  EXPECT_EQ(until_look(), 8s);
  EXPECT_FALSE(look_after(8s - 1ns));
  EXPECT_TRUE(look_after(1ns));
  EXPECT_EQ(state(), LeaseState::doubtful);
  EXPECT_EQ(judge->report(now).remaining, 4s);
}

TEST_F(Judgement, the_margin_is_the_users_choice) {
  options.margin = 1s;
  begin();
  EXPECT_FALSE(look_after(10s));
  EXPECT_TRUE(look_after(1s));
  EXPECT_EQ(state(), LeaseState::doubtful);
}

TEST_F(Judgement, a_success_makes_a_doubtful_lease_held_again_and_does_not_take_the_stop_back) {
  begin();
  look_after(9s);
  EXPECT_TRUE(judge->must_stop());
  EXPECT_TRUE(refresh(success));
  EXPECT_EQ(state(), LeaseState::held);
  EXPECT_EQ(judge->report(now).remaining, lifetime);
  EXPECT_TRUE(judge->must_stop());
  EXPECT_FALSE(look_after(7s));
}

TEST_F(Judgement, a_success_in_time_is_nothing_to_report) {
  begin();
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(look_after(7s));
    EXPECT_FALSE(refresh(success, 500ms));
  }
  EXPECT_FALSE(judge->must_stop());
}

TEST_F(Judgement, the_lease_counts_from_before_the_request) {
  begin();
  now += 4s;
  refresh(success, 7s);
  EXPECT_EQ(judge->report(now).deadline, now + 5s);
  EXPECT_EQ(until_look(), 1s);
}

TEST_F(Judgement, an_answer_too_slow_for_the_margin_leaves_it_doubtful) {
  begin();
  look_after(4s);
  judge->sent(now);
  EXPECT_TRUE(look_after(4s));
  judge->answered(success, now + 3s, now);
  EXPECT_FALSE(look());
  EXPECT_EQ(state(), LeaseState::doubtful);
}

class ADefiniteAnswer : public Judgement, public ::testing::WithParamInterface<Errc> {};

TEST_P(ADefiniteAnswer, loses_the_lease_at_once_and_for_ever) {
  begin();
  now += 1s;
  EXPECT_TRUE(refresh(GetParam()));
  EXPECT_EQ(state(), LeaseState::lost);
  EXPECT_EQ(judge->loss(), GetParam());
  EXPECT_TRUE(judge->must_stop());
  EXPECT_EQ(judge->refresh_at(), LeaseTime::max());
  EXPECT_EQ(judge->look_at(), LeaseTime::max());
  refresh(success);
  EXPECT_EQ(state(), LeaseState::lost);
  EXPECT_FALSE(look_after(100s));
  EXPECT_EQ(judge->loss(), GetParam());
}

TEST_P(ADefiniteAnswer, loses_a_doubtful_lease_too) {
  begin();
  look_after(9s);
  EXPECT_TRUE(refresh(GetParam()));
  EXPECT_EQ(state(), LeaseState::lost);
}

INSTANTIATE_TEST_SUITE_P(Errors, ADefiniteAnswer, ::testing::Values(Errc::lease_lost, Errc::not_locked),
                         [](const auto& error) {
                           return error.param == Errc::lease_lost ? "lease_lost" : "not_locked";
                         });

TEST_F(Judgement, an_error_is_no_loss_and_leaves_the_deadline_alone) {
  begin();
  now += 4s;
  const LeaseTime deadline = judge->report(now).deadline;
  EXPECT_TRUE(refresh(io_error)) << "the error is reported";
  EXPECT_EQ(state(), LeaseState::held);
  EXPECT_EQ(judge->report(now).error, io_error);
  EXPECT_EQ(judge->report(now).deadline, deadline);
  now += 1s;
  EXPECT_FALSE(refresh(io_error)) << "the same again is no news";
  EXPECT_TRUE(refresh(success)) << "its end is";
  EXPECT_EQ(judge->report(now).error, success);
  EXPECT_FALSE(judge->must_stop());
}

TEST_F(Judgement, errors_until_the_end_make_it_doubtful_and_then_lost) {
  begin();
  std::vector<LeaseState> states;
  const LeaseTime start = now;
  while (state() != LeaseState::lost) {
    ASSERT_LT(now, start + 20s);
    now = std::min(judge->refresh_at(), judge->look_at());
    if (look()) states.push_back(state());
    if (now >= judge->refresh_at() && refresh(io_error)) states.push_back(state());
  }
  EXPECT_EQ(states, (std::vector{LeaseState::held, LeaseState::doubtful, LeaseState::lost}));
  EXPECT_EQ(now, start + 16s) << "the deadline and the patience";
  EXPECT_EQ(judge->loss(), Errc::lease_lost);
}

TEST_F(Judgement, the_stop_may_wait_for_the_loss) {
  options.stop_at = LeaseState::lost;
  begin();
  look_after(9s);
  EXPECT_EQ(state(), LeaseState::doubtful);
  EXPECT_FALSE(judge->must_stop());
  look_after(3s);
  EXPECT_FALSE(judge->must_stop());
  look_after(4s);
  EXPECT_TRUE(judge->must_stop());
}

TEST_F(Judgement, a_lease_that_begins_short_is_refreshed_at_once_and_not_born_doubtful) {
  begin(3s);
  EXPECT_FALSE(look());
  EXPECT_EQ(state(), LeaseState::held);
  EXPECT_LE(until_refresh(), 0s);
  EXPECT_EQ(until_look(), 1500ms);
  refresh(success);
  EXPECT_EQ(until_look(), 8s) << "the whole margin from then on";
}

TEST_F(Judgement, a_lease_that_is_not_known_to_be_held_is_doubtful_until_the_first_answer) {
  begin(0s);
  EXPECT_LE(until_refresh(), 0s);
  EXPECT_TRUE(look());
  EXPECT_EQ(state(), LeaseState::doubtful);
  EXPECT_EQ(judge->report(now).remaining, 0s);
  EXPECT_TRUE(refresh(Errc::not_locked));
  EXPECT_EQ(state(), LeaseState::lost);
}

TEST_F(Judgement, options_that_leave_no_time_are_refused) {
  const auto refused = [&](const KeepAliveOptions& with) { return !LeaseJudge::why_not(with, lifetime).empty(); };
  EXPECT_FALSE(refused({}));
  options.margin = 6s;
  EXPECT_FALSE(refused(options));
  options.margin = 6s + 1ns;
  EXPECT_TRUE(refused(options));
  options.margin = 0s;
  EXPECT_TRUE(refused(options));
  options = {};
  options.patience = -1ns;
  EXPECT_TRUE(refused(options));
  options = {};
  options.stop_at = LeaseState::held;
  EXPECT_TRUE(refused(options));
}

}  // namespace
}  // namespace leaselock::keep
