#pragma once

/// Everything, for those who do not want to choose.
#include "leaselock/error.hpp"
#include "leaselock/format_time.hpp"
#include "leaselock/guard.hpp"
#include "leaselock/holder.hpp"
#include "leaselock/lease_time.hpp"
#include "leaselock/lock.hpp"
#include "leaselock/maintenance.hpp"
#include "leaselock/options.hpp"
