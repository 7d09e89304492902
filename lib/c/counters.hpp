#pragma once

#include <memory>

#include "handle.hpp"
#include "leaselock/c/counters.h"
#include "leaselock/counters.hpp"

struct leaselock_counters_t : leaselock::c::Marked<0x6c6c'636f'756e'7401> {
  std::shared_ptr<leaselock::Counters> shared = std::make_shared<leaselock::Counters>();
};
