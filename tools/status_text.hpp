#pragma once

#include <string>
#include <vector>

#include "leaselock/holder.hpp"
#include "leaselock/options.hpp"
#include "terminal.hpp"

namespace leaselock::tool {

/// What `status` prints of a lock for people. Tables keep to `width` columns; other lines are as long as their text.
std::vector<std::string> status_text(const LockStatus& status, const LockOptions& options, WallTime now,
                                     std::size_t width, const Palette& palette);

}  // namespace leaselock::tool
