#pragma once

#include <string>

#include "doctor/judge.hpp"
#include "leaselock/lease_time.hpp"

namespace leaselock::tool::doctor {

/// As format_duration(), but finer below ten milliseconds: "2.15ms", "150us".
std::string fine_duration(Duration length);

/// As the command line takes it: "15s", "300ms".
std::string option_duration(Duration length);

/// "yes", "with conditions", "no".
std::string to_string(Verdict verdict);

}  // namespace leaselock::tool::doctor
