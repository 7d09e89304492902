#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace leaselock::nfs {

/// When the lease ends that a line of `leaselock run --trace` tells of, by that host's wall clock, since 1970. Empty:
/// the line tells of none.
std::optional<std::chrono::milliseconds> lease_end_in(const std::string& line);

}  // namespace leaselock::nfs
