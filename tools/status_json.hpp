#pragma once

#include <boost/json/object.hpp>

#include "leaselock/holder.hpp"

namespace leaselock::tool {

/// What `status --json` and `top --json` print of a lock: all keys are always there; what is not known is null.
boost::json::object to_json(const LockStatus& status);

}  // namespace leaselock::tool
