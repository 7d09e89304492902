#include "protocol/lease.hpp"

#include <gtest/gtest.h>

#include <random>

/// The arithmetic of docs/protocol.md section 4, checked against a server whose true time is known.
namespace leaselock::protocol {
namespace {

using namespace std::chrono_literals;

/// Two clocks whose rates differ within rho, and a server whose stamps are off by at most g.
struct Clocks {
  explicit Clocks(std::mt19937_64& random) {
    const auto within = [&](double limit) { return std::uniform_real_distribution<double>(-limit, limit)(random); };
    rate = 1.0 + within(0.001);  // server's seconds in one of ours
    stamp_error = Duration(static_cast<std::int64_t>(within(1e9)));
    offset = Duration(static_cast<std::int64_t>(within(1e18)));
  }
  ServerTime truth(LeaseTime own) const {
    const auto elapsed = static_cast<double>(own.time_since_epoch().count()) * rate;
    return ServerTime(offset + Duration(static_cast<std::int64_t>(elapsed)));
  }
  double rate;
  Duration stamp_error;
  Duration offset;
};

TEST(Lease, a_holder_never_believes_at_or_after_the_expiry_on_the_server) {
  std::mt19937_64 random(1);
  const ClockBounds bounds{1s, 2s, 1000};
  const auto up_to = [&](Duration limit) {
    return Duration(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(limit.count())));
  };
  for (int i = 0; i < 100'000; ++i) {
    const Clocks clocks(random);
    const LeaseTime sent = LeaseTime(1000s) + up_to(1s);
    const LeaseTime received = sent + up_to(3s);
    const LeaseTime executed = sent + (received - sent) / 2;
    const Anchor anchor{sent, received, clocks.truth(executed) + clocks.stamp_error};
    const LeaseTime sending = received + up_to(60s);
    const Duration lifetime = 5s + up_to(100s);
    const ServerTime expiry(std::chrono::milliseconds(choose_expiry(anchor, sending, lifetime)));
    const LeaseTime until = deadline(anchor, sending, lifetime, expiry, bounds);
    // Lemma 1: just before D the server has not reached E, so a stamp of E + grace cannot exist yet.
    ASSERT_LT(clocks.truth(until - 1ns) - 1us, expiry) << "case " << i;
    ASSERT_FALSE(may_break(expiry, clocks.truth(until - 1ns) + bounds.stamp_error - 1us, bounds)) << "case " << i;
    // And by the watch rule a breaker on any clock waits longer than anybody may believe.
    const double breaker = static_cast<double>(longest(lifetime, bounds).count()) / 1.001;
    const double holder = static_cast<double>((until - sending).count()) / 0.999;
    ASSERT_LT(holder, breaker) << "case " << i;
  }
}

TEST(Lease, the_deadline_counts_from_before_the_request_and_loses_the_error_bounds) {
  const ClockBounds bounds{1s, 2s, 1000};
  const Anchor anchor{LeaseTime(100s), LeaseTime(101s), ServerTime(5000s)};
  const std::int64_t expiry = choose_expiry(anchor, LeaseTime(110s), 15s);
  EXPECT_EQ(expiry, 5'025'000);
  const LeaseTime until = deadline(anchor, LeaseTime(110s), 15s, ServerTime(std::chrono::milliseconds(expiry)), bounds);
  EXPECT_LE(until, LeaseTime(124s));
  EXPECT_GT(until, LeaseTime(123900ms));
}

TEST(Lease, a_lease_raised_to_an_older_expiry_is_still_bounded_by_its_lifetime) {
  const ClockBounds bounds{1s, 2s, 1000};
  const Anchor anchor{LeaseTime(100s), LeaseTime(100s), ServerTime(5000s)};
  const LeaseTime until = deadline(anchor, LeaseTime(100s), 5s, ServerTime(5100s), bounds);
  EXPECT_LE(until, LeaseTime(105s));
}

TEST(Lease, it_may_be_broken_only_when_a_stamp_has_passed_expiry_and_grace) {
  const ClockBounds bounds{1s, 2s, 1000};
  EXPECT_FALSE(may_break(ServerTime(100s), ServerTime(100s), bounds));
  EXPECT_FALSE(may_break(ServerTime(100s), ServerTime(102s) - 1ns, bounds));
  EXPECT_TRUE(may_break(ServerTime(100s), ServerTime(102s), bounds));
}

TEST(Lease, numbers_grow_and_follow_the_server_in_microseconds) {
  EXPECT_EQ(next_number(0, ServerTime(1s)), 1'000'000U);
  EXPECT_EQ(next_number(5'000'000, ServerTime(1s)), 5'000'001U);
  EXPECT_EQ(next_number(0, ServerTime(-1s)), 1U);
}

TEST(Lease, a_century_does_not_overflow) {
  const ClockBounds bounds{1s, 2s, 250'000};
  const Duration century = std::chrono::hours(24 * 36'500);
  EXPECT_GT(longest(century, bounds), century);
  EXPECT_LT(shortest(century, bounds), century);
  EXPECT_GT(shortest(century, bounds), century / 2);
}

TEST(Lease, a_claims_deadline_is_its_age_on_the_servers_own_clock) {
  const ClockBounds bounds{1s, 2s, 1000};
  const Anchor reply{LeaseTime(100s), LeaseTime(103s), ServerTime(5000s)};
  EXPECT_LE(claim_deadline(reply, ServerTime(5015s), bounds), LeaseTime(114s));
  EXPECT_GT(claim_deadline(reply, ServerTime(5015s), bounds), LeaseTime(113900ms));
}

}  // namespace
}  // namespace leaselock::protocol
