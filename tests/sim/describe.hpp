#pragma once

#include <string>

#include "faults.hpp"
#include "leaselock/lease_time.hpp"
#include "protocol/step.hpp"

/// Words for traces.
namespace leaselock::sim {

std::string describe(Duration length);
std::string describe(const Request& request);
std::string describe(const protocol::Result& result);
std::string describe(const Fate& fate);
/// The name of an errno value.
std::string describe_error(int error);

}  // namespace leaselock::sim
