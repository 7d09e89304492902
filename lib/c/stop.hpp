#pragma once

#include <stop_token>

#include "handle.hpp"
#include "leaselock/c/stop.h"

struct leaselock_stop_t : leaselock::c::Marked<0x6c6c'7374'6f70'0001> {
  std::stop_source source;
};
