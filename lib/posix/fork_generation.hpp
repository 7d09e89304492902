#pragma once

#include <cstdint>

namespace leaselock::posix {

/// How many forks lie between this process and the one that called this first. What was made in another generation
/// belongs to a parent. No system call, any thread. A child made without fork(3)'s handlers (vfork, a bare clone) is
/// not counted; it must not touch its parent's objects anyway.
std::uint64_t fork_generation() noexcept;

}  // namespace leaselock::posix
