#pragma once

#include "handle.hpp"
#include "leaselock/c/keep_alive.h"
#include "leaselock/keep_alive_options.hpp"

struct leaselock_keep_alive_options_t : leaselock::c::Marked<0x6c6c'6b6f'7074'7301> {
  leaselock::KeepAliveOptions value;
};
