#pragma once

#include "leaselock/c/semaphore.h"
#include "leaselock/semaphore.hpp"
#include "lock_handle.hpp"

struct leaselock_semaphore_t : leaselock::c::LockHandle<leaselock::Semaphore, 0x6c6c'7365'6d61'7001> {
  using LockHandle::LockHandle;
};
