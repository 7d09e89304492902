#pragma once

#include <cstdint>
#include <optional>
#include <system_error>

#include "leaselock/lease_time.hpp"
#include "lock_context.hpp"

namespace leaselock {

/// Makes a semaphore anew with another number of slots, when all that it has are free (Semaphore::resize). Nothing is
/// held afterwards.
void resize_semaphore(LockContext& context, std::uint32_t slots, std::optional<Duration> timeout,
                      std::error_code& error);

}  // namespace leaselock
