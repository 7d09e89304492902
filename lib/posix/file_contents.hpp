#pragma once

#include <cstddef>
#include <string>

namespace leaselock::posix {

/// As long as a path can be: more than a claim ever contains.
inline constexpr std::size_t longest_contents = 4096;

/// Writes everything; `durable` also waits until the server has it. Returns an errno value.
int write_all(int file, const std::string& contents, bool durable);

/// Reads at most the first longest_contents bytes; a longer file is no claim, and its start is enough to see that.
/// Returns an errno value.
int read_start(int file, std::string& contents);

}  // namespace leaselock::posix
