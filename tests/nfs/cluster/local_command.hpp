#pragma once

#include <string>
#include <vector>

namespace leaselock::cluster {

/// Runs a program of this machine to its end. Throws std::runtime_error with the words of the command if it fails.
void run_here(const std::vector<std::string>& words);

}  // namespace leaselock::cluster
