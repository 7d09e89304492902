#include <algorithm>

#include "doctor/judge.hpp"
#include "leaselock/options.hpp"

namespace leaselock::tool::doctor {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Of a refresh: a stamp, the rename, the touch of the claim and a look (protocol.md 5.4).
constexpr int refresh_requests = 4;
/// A stamp may be this old when an expiry is chosen with it (protocol.md 4.2).
constexpr Duration oldest_anchor = seconds(60);
/// The pause of a healthy holder that the recommended lifetime bears, after a refresh that failed.
constexpr Duration pause = seconds(3);

Duration rounded_up(Duration length, Duration unit) { return (length + unit - Duration(1)) / unit * unit; }

/// The shortest lifetime with which the second refresh still comes in time when the first one fails
/// (docs/operating.md):  lifetime * (1/3 - drift)  >=  stamp error + 60 s * drift + pause + requests * slowest.
Duration lifetime_for(Duration stamp_error, Duration longest_pause, Duration slowest_request) {
  constexpr std::int64_t million = 1'000'000;
  const std::int64_t drift = LockOptions().drift_ppm;
  const Duration needed =
      stamp_error + oldest_anchor * drift / million + longest_pause + refresh_requests * slowest_request;
  return (needed / (million - 3 * drift) + Duration(1)) * (3 * million);
}

}  // namespace

Settings recommend(const Facts& facts) {
  Settings settings;
  const Duration error = std::max(seen_stamp_error(facts), default_stamp_error(facts));
  if (error > default_stamp_error(facts)) {
    settings.stamp_error = rounded_up(error, facts.local ? Duration(milliseconds(10)) : Duration(seconds(1)));
    settings.grace = 2 * *settings.stamp_error;
  }
  const Duration stamp_error = settings.stamp_error.value_or(error);
  // The library allows no less than five times the error of a stamp (protocol.md 19).
  settings.shortest_lifetime = rounded_up(
      std::max(5 * stamp_error, lifetime_for(stamp_error, Duration::zero(), facts.speed.worst)), milliseconds(100));
  // Thirty requests do not show the slowest one there is.
  const Duration comfortable = lifetime_for(stamp_error, pause, 3 * facts.speed.worst);
  settings.lifetime = std::max(LockOptions().lifetime, rounded_up(comfortable, seconds(15)));
  settings.refresh = settings.lifetime / 3;
  settings.mirror = facts.names.hard_link.empty() && facts.names.link_count.empty();
  settings.trust_server_clock = !stamps_are_doubtful(facts);
  return settings;
}

}  // namespace leaselock::tool::doctor
