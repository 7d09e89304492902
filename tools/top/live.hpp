#pragma once

#include <string>
#include <vector>

#include "leaselock/lease_time.hpp"
#include "top/look.hpp"

namespace leaselock::tool::top {

/// The view that is kept up to date, on the terminal of standard output, until `q`, Ctrl-C or a signal ends it. Returns
/// the exit status. The terminal is given back in any case.
int run_live(const std::vector<Place>& places, const std::string& title, Duration interval);

}  // namespace leaselock::tool::top
