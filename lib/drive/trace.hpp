#pragma once

#include <string>

#include "protocol/step.hpp"

namespace leaselock::drive {

/// One line for a step and its outcome: "rename fence a -> b: ok", "link lock_directory c -> d: File exists".
std::string trace_line(const protocol::Step& step, const protocol::Result& result);

}  // namespace leaselock::drive
