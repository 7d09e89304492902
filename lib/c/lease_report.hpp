#pragma once

#include "handle.hpp"
#include "leaselock/c/keep_alive.h"
#include "leaselock/keep_alive_options.hpp"

struct leaselock_lease_report_t : leaselock::c::Marked<0x6c6c'7265'706f'7201> {
  explicit leaselock_lease_report_t(const leaselock::LeaseReport& report) : value(report) {}

  leaselock::LeaseReport value;
};

namespace leaselock::c {

int number_of(LeaseState state) noexcept;

}  // namespace leaselock::c
