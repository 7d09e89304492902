#include "protocol/lease.hpp"

#include <algorithm>

namespace leaselock::protocol {
namespace {

// length * ppm / 1e6, rounded up; the division comes first so that lengths of centuries do not overflow.
Duration drift_of(Duration length, std::int64_t ppm) { return Duration((length.count() / 1'000'000 + 1) * ppm); }

}  // namespace

ServerTime estimate(const Anchor& anchor, LeaseTime now) { return anchor.stamp + (now - anchor.received); }

Duration shortest(Duration length, const ClockBounds& bounds) {
  if (length <= Duration::zero()) return length;
  return length - drift_of(length, bounds.drift_ppm);
}

Duration longest(Duration length, const ClockBounds& bounds) { return length + drift_of(length, 2 * bounds.drift_ppm); }

std::int64_t choose_expiry(const Anchor& anchor, LeaseTime sending, Duration lifetime) {
  const ServerTime expiry = anchor.stamp + (sending - anchor.sent) + lifetime;
  return std::chrono::ceil<std::chrono::milliseconds>(expiry.time_since_epoch()).count();
}

LeaseTime deadline(const Anchor& anchor, LeaseTime sending, Duration lifetime, ServerTime expiry,
                   const ClockBounds& bounds) {
  const LeaseTime by_server = anchor.sent + shortest(expiry - anchor.stamp - bounds.stamp_error, bounds);
  const LeaseTime by_lifetime = sending + shortest(lifetime, bounds);
  return std::min(by_server, by_lifetime);
}

LeaseTime claim_deadline(const Anchor& reply, ServerTime expiry, const ClockBounds& bounds) {
  return reply.sent + shortest(expiry - reply.stamp - bounds.stamp_error, bounds);
}

bool may_break(ServerTime expiry, ServerTime stamp, const ClockBounds& bounds) {
  return stamp >= expiry + bounds.grace;
}

bool is_prompt(ServerTime made, ServerTime sent, const ClockBounds& bounds) {
  return made <= sent + (bounds.grace - bounds.stamp_error);
}

LeaseTime worth_asking(const Anchor& anchor, ServerTime moment) { return anchor.received + (moment - anchor.stamp); }

ServerTime number_passed(std::uint64_t number, const ClockBounds& bounds) {
  constexpr std::uint64_t end_of_time = 9'000'000'000'000'000;  // the year 2255
  return ServerTime(std::chrono::microseconds(std::min(number, end_of_time) + 1)) + bounds.grace;
}

std::uint64_t next_number(std::uint64_t previous, ServerTime stamp) {
  const auto micros = std::chrono::floor<std::chrono::microseconds>(stamp.time_since_epoch()).count();
  return std::max(previous + 1, static_cast<std::uint64_t>(std::max<std::int64_t>(micros, 1)));
}

}  // namespace leaselock::protocol
