#pragma once

/// Everything but what needs Boost.Asio (the headers async_*.hpp and lease_timer.hpp), for those who do not want to
/// choose.
#include "leaselock/counters.hpp"
#include "leaselock/error.hpp"
#include "leaselock/event.hpp"
#include "leaselock/format_time.hpp"
#include "leaselock/guard.hpp"
#include "leaselock/hold.hpp"
#include "leaselock/holder.hpp"
#include "leaselock/keep_alive.hpp"
#include "leaselock/keep_alive_options.hpp"
#include "leaselock/lease_time.hpp"
#include "leaselock/lock.hpp"
#include "leaselock/lock_kind.hpp"
#include "leaselock/maintenance.hpp"
#include "leaselock/options.hpp"
#include "leaselock/semaphore.hpp"
#include "leaselock/shared_lock.hpp"
