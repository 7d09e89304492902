#pragma once

#include "handle.hpp"
#include "leaselock/c/options.h"
#include "leaselock/options.hpp"

struct leaselock_options_t : leaselock::c::Marked<0x6c6c'6f70'7469'6f01> {
  leaselock::LockOptions value;
};

namespace leaselock::c {

/// The defaults for NULL. Throws: Misuse.
inline LockOptions options_of(const leaselock_options_t* options) {
  return options == nullptr ? LockOptions() : checked(options).value;
}

}  // namespace leaselock::c
