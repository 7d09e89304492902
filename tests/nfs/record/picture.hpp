#pragma once

#include <string>

#include "record.hpp"

namespace leaselock::nfs {

/// The record as a timeline in SVG, readable on light and on dark pages: the workers of each host with their holds and
/// waits, what was done to the hosts, and in red over all rows what must not be: overlaps.
std::string picture(const Report& report, const std::string& title);

}  // namespace leaselock::nfs
