#pragma once

#include "leaselock/c/lock.h"
#include "leaselock/lock.hpp"
#include "lock_handle.hpp"

struct leaselock_t : leaselock::c::LockHandle<leaselock::Lock, 0x6c6c'6c6f'636b'0001> {
  using LockHandle::LockHandle;
};
