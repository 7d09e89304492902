#pragma once

#include "ports/environment.hpp"
#include "ports/file_system.hpp"
#include "protocol/step.hpp"

namespace leaselock::drive {

/// Performs one step on the port it belongs to and notes the lease clock around it. The only place that knows which
/// step goes where; every driver for real time calls it.
protocol::Result perform(const protocol::Step& step, ports::FileSystem& files, const ports::Environment& environment);
/// The same, with a moment before it that is known already: one look at the clock less. Earlier is always careful.
protocol::Result perform(const protocol::Step& step, ports::FileSystem& files, const ports::Environment& environment,
                         LeaseTime sent);

}  // namespace leaselock::drive
