#include "support/judgement.hpp"

/// Outages, and times in which nobody judged: what is a loss and what is not.
namespace leaselock::keep {
namespace {

using namespace std::chrono_literals;

TEST_F(Judgement, an_unanswered_refresh_makes_it_doubtful_then_lost) {
  begin();
  now += 4s;
  judge->sent(now);
  EXPECT_TRUE(look_after(4s));
  EXPECT_EQ(state(), LeaseState::doubtful);
  EXPECT_EQ(judge->report(now).unanswered, 4s);
  EXPECT_EQ(until_look(), 4s);
  EXPECT_FALSE(look_after(4s)) << "at the deadline it is still looked at";
  EXPECT_EQ(until_look(), 4s);
  EXPECT_FALSE(look_after(4s - 1ns));
  EXPECT_TRUE(look_after(1ns));
  EXPECT_EQ(state(), LeaseState::lost);
}

TEST_F(Judgement, an_outage_shorter_than_the_lease_is_no_loss) {
  begin();
  now += 4s;
  judge->sent(now);
  look_after(6s);
  EXPECT_EQ(state(), LeaseState::doubtful);
  judge->answered(success, now + lifetime, now);
  EXPECT_TRUE(look());
  EXPECT_EQ(state(), LeaseState::held);
}

TEST_F(Judgement, an_outage_longer_than_the_lease_is_no_loss_when_the_late_answer_shows_that_there_was_no_gap) {
  begin();
  now += 4s;
  judge->sent(now);
  look_after(4s);
  look_after(4s);
  look_after(3s);
  EXPECT_EQ(state(), LeaseState::doubtful);
  judge->answered(success, now + lifetime, now);
  EXPECT_TRUE(look());
  EXPECT_EQ(state(), LeaseState::held);
  EXPECT_TRUE(judge->must_stop());
  // The patience begins anew for the next one.
  look_after(8s);
  EXPECT_FALSE(look_after(4s));
  EXPECT_EQ(until_look(), 4s);
}

TEST_F(Judgement, an_answer_that_comes_after_the_loss_revives_nothing) {
  begin();
  judge->sent(now);
  look_after(8s);
  look_after(4s);
  EXPECT_TRUE(look_after(4s));
  judge->answered(success, now + lifetime, now);
  EXPECT_FALSE(look());
  EXPECT_EQ(state(), LeaseState::lost);
  EXPECT_EQ(judge->refresh_at(), LeaseTime::max());
}

TEST_F(Judgement, after_a_suspend_it_is_looked_at_before_it_is_given_up) {
  begin();
  EXPECT_TRUE(look_after(3600s));
  EXPECT_EQ(state(), LeaseState::doubtful);
  EXPECT_LE(until_refresh(), 0s) << "asked at once";
  EXPECT_EQ(until_look(), 4s) << "from when it was noticed";
  EXPECT_TRUE(refresh(success, 1s));
  EXPECT_EQ(state(), LeaseState::held);
}

TEST_F(Judgement, after_a_suspend_without_an_answer_it_is_lost_when_the_patience_ends) {
  begin();
  look_after(3600s);
  judge->sent(now);
  EXPECT_FALSE(look_after(4s - 1ns));
  EXPECT_TRUE(look_after(1ns));
  EXPECT_EQ(state(), LeaseState::lost);
}

TEST_F(Judgement, a_patience_that_was_slept_through_begins_anew) {
  begin();
  look_after(3600s);
  judge->sent(now);
  EXPECT_FALSE(look_after(3600s));
  EXPECT_EQ(state(), LeaseState::doubtful);
  EXPECT_EQ(until_look(), 4s);
  EXPECT_TRUE(look_after(4s));
  EXPECT_EQ(state(), LeaseState::lost);
}

TEST_F(Judgement, a_success_that_was_over_when_it_arrived_still_shows_that_there_was_no_gap) {
  begin();
  judge->sent(now);
  look_after(15s);
  EXPECT_EQ(until_look(), 4s);
  now += 3s;
  judge->answered(success, LeaseTime{}, now);
  look();
  EXPECT_EQ(state(), LeaseState::doubtful);
  EXPECT_EQ(until_look(), 4s);
}

TEST_F(Judgement, without_patience_it_is_lost_at_its_end) {
  options.patience = 0s;
  begin();
  look_after(8s);
  EXPECT_FALSE(look_after(4s - 1ns));
  EXPECT_TRUE(look_after(1ns));
  EXPECT_EQ(state(), LeaseState::lost);
  begin();
  EXPECT_TRUE(look_after(3600s));
  EXPECT_EQ(state(), LeaseState::lost);
}

}  // namespace
}  // namespace leaselock::keep
