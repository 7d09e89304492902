#include <algorithm>
#include <vector>

#include "support/judgement.hpp"

/// When refreshes are sent.
namespace leaselock::keep {
namespace {

using namespace std::chrono_literals;

TEST_F(Judgement, retries_come_soon_with_growing_pauses_of_at_most_a_second) {
  options.margin = 1s;
  begin();
  now += 4s;
  std::vector<Duration> pauses;
  for (int i = 0; i < 8; ++i) {
    refresh(io_error);
    pauses.push_back(until_refresh());
    now = judge->refresh_at();
  }
  EXPECT_LE(pauses.front(), 100ms);
  EXPECT_TRUE(std::ranges::is_sorted(pauses));
  EXPECT_EQ(pauses[1], 2 * pauses[0]);
  EXPECT_LE(pauses.back(), 1s);
  EXPECT_GE(pauses.back(), 500ms);
  refresh(success);
  now = judge->refresh_at();
  refresh(io_error);
  EXPECT_EQ(until_refresh(), pauses.front()) << "a success begins anew";
}

TEST_F(Judgement, a_lost_mirror_extends_the_lease_is_reported_and_repaired_with_patience) {
  begin();
  now += 4s;
  EXPECT_TRUE(refresh(Errc::mirror_lost));
  EXPECT_EQ(state(), LeaseState::held);
  EXPECT_EQ(judge->report(now).remaining, lifetime);
  EXPECT_LE(until_refresh(), 100ms) << "it may be put right soon";
  for (int i = 0; i < 20; ++i) {
    now = judge->refresh_at();
    EXPECT_FALSE(refresh(Errc::mirror_lost));
  }
  EXPECT_EQ(until_refresh(), 4s) << "but no more often than any other lease for ever";
}

TEST_F(Judgement, a_refresh_is_due_when_half_the_time_until_doubtful_is_over) {
  begin();
  EXPECT_EQ(until_refresh(), 4s);
  now += 4s;
  refresh(success);
  EXPECT_EQ(until_refresh(), 4s);
  options.margin = 6s;
  begin();
  EXPECT_EQ(until_refresh(), 3s);
  options.margin = 100ms;
  begin();
  EXPECT_EQ(until_refresh(), 4s) << "never later than a third of the lifetime";
}

TEST_F(Judgement, slow_answers_make_refreshes_earlier_but_never_a_storm) {
  begin();
  now += 4s;
  refresh(success, 1s);
  EXPECT_EQ(until_refresh(), 2s) << "4 s after it was sent, less a round trip";
  now = judge->refresh_at();
  refresh(success, 100ms);
  EXPECT_LT(until_refresh(), 3500ms) << "remembered";
  refresh(success, 7s);
  EXPECT_EQ(until_refresh(), lifetime / 32);
}

TEST_F(Judgement, no_second_refresh_is_sent_while_one_is_under_way) {
  begin();
  now += 4s;
  judge->sent(now);
  EXPECT_EQ(judge->refresh_at(), LeaseTime::max());
  now += 2s;
  EXPECT_EQ(judge->report(now).unanswered, 2s);
  judge->answered(success, now + 10s, now);
  EXPECT_NE(judge->refresh_at(), LeaseTime::max());
  EXPECT_EQ(judge->report(now).unanswered, std::nullopt);
}

}  // namespace
}  // namespace leaselock::keep
