#pragma once

#include "leaselock/c/shared_lock.h"
#include "leaselock/shared_lock.hpp"
#include "lock_handle.hpp"

struct leaselock_shared_t : leaselock::c::LockHandle<leaselock::SharedLock, 0x6c6c'7368'6172'6501> {
  using LockHandle::LockHandle;
};
