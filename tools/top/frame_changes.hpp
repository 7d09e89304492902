#pragma once

#include <string>
#include <vector>

namespace leaselock::tool::top {

/// What to send to a terminal that shows `shown` so that it shows `wanted`: only the lines that differ.
std::string changes(const std::vector<std::string>& shown, const std::vector<std::string>& wanted);

}  // namespace leaselock::tool::top
