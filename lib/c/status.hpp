#pragma once

#include <vector>

#include "handle.hpp"
#include "holder.hpp"
#include "leaselock/c/status.h"
#include "names.hpp"

struct leaselock_status_t : leaselock::c::Marked<0x6c6c'7374'6174'7501> {
  explicit leaselock_status_t(leaselock::LockStatus status);

  leaselock::LockStatus value;
  leaselock::c::MaybeHolder holder;
  std::vector<leaselock_holder_t> holders;
  std::vector<leaselock_waiter_t> queue;
  leaselock_names_t waiters;
  leaselock_names_t leftovers;
};
