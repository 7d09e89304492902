#pragma once

#include <string>

#include "leaselock/export.hpp"
#include "leaselock/lease_time.hpp"

namespace leaselock {

/// A time as people read it, in local time with milliseconds and the zone's offset: "2026-11-21 08:15:30.250 +0100".
LEASELOCK_API std::string format_time(WallTime time);
/// The same in UTC, as machines read it (RFC 3339): "2026-11-21T07:15:30.250Z".
LEASELOCK_API std::string format_time_utc(WallTime time);
/// A length of time as people read it, rounded: "250ms", "14.2s", "3m05s", "2h10m", "3d04h".
LEASELOCK_API std::string format_duration(Duration length);

}  // namespace leaselock
