#include <algorithm>
#include <vector>

#include "support/judgement.hpp"

/// When renewals are sent.
namespace leaselock::keep {
namespace {

using namespace std::chrono_literals;

TEST_F(Judgement, retries_come_soon_with_growing_pauses_of_at_most_a_second) {
  options.margin = 1s;
  begin();
  now += 4s;
  std::vector<Duration> pauses;
  for (int i = 0; i < 8; ++i) {
    renew(io_error);
    pauses.push_back(until_renewal());
    now = judge->renew_at();
  }
  EXPECT_LE(pauses.front(), 100ms);
  EXPECT_TRUE(std::ranges::is_sorted(pauses));
  EXPECT_EQ(pauses[1], 2 * pauses[0]);
  EXPECT_LE(pauses.back(), 1s);
  EXPECT_GE(pauses.back(), 500ms);
  renew(success);
  now = judge->renew_at();
  renew(io_error);
  EXPECT_EQ(until_renewal(), pauses.front()) << "a success begins anew";
}

TEST_F(Judgement, a_lost_mirror_extends_the_lease_is_reported_and_repaired_with_patience) {
  begin();
  now += 4s;
  EXPECT_TRUE(renew(Errc::mirror_lost));
  EXPECT_EQ(state(), LeaseState::held);
  EXPECT_EQ(judge->report(now).remaining, lifetime);
  EXPECT_LE(until_renewal(), 100ms) << "it may be put right soon";
  for (int i = 0; i < 20; ++i) {
    now = judge->renew_at();
    EXPECT_FALSE(renew(Errc::mirror_lost));
  }
  EXPECT_EQ(until_renewal(), 4s) << "but no more often than any other lease for ever";
}

TEST_F(Judgement, a_renewal_is_due_when_half_the_time_until_doubtful_is_over) {
  begin();
  EXPECT_EQ(until_renewal(), 4s);
  now += 4s;
  renew(success);
  EXPECT_EQ(until_renewal(), 4s);
  options.margin = 6s;
  begin();
  EXPECT_EQ(until_renewal(), 3s);
  options.margin = 100ms;
  begin();
  EXPECT_EQ(until_renewal(), 4s) << "never later than a third of the lifetime";
}

TEST_F(Judgement, slow_answers_make_renewals_earlier_but_never_a_storm) {
  begin();
  now += 4s;
  renew(success, 1s);
  EXPECT_EQ(until_renewal(), 2s) << "4 s after it was sent, less a round trip";
  now = judge->renew_at();
  renew(success, 100ms);
  EXPECT_LT(until_renewal(), 3500ms) << "remembered";
  renew(success, 7s);
  EXPECT_EQ(until_renewal(), lifetime / 32);
}

TEST_F(Judgement, no_second_renewal_is_sent_while_one_is_under_way) {
  begin();
  now += 4s;
  judge->sent(now);
  EXPECT_EQ(judge->renew_at(), LeaseTime::max());
  now += 2s;
  EXPECT_EQ(judge->report(now).unanswered, 2s);
  judge->answered(success, now + 10s, now);
  EXPECT_NE(judge->renew_at(), LeaseTime::max());
  EXPECT_EQ(judge->report(now).unanswered, std::nullopt);
}

}  // namespace
}  // namespace leaselock::keep
