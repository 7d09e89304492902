#pragma once

#include <string>

#include "leaselock/export.hpp"

namespace leaselock {

/// What a path is used for: Lock, Semaphore or SharedLock. Each kind refuses the files of the others.
enum class LockKind { lock, semaphore, shared_lock };
LEASELOCK_API std::string to_string(LockKind kind);

}  // namespace leaselock
