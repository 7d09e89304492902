#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "terminal.hpp"
#include "verify/verdict.hpp"

namespace leaselock::tool::verify {

/// The table, what was counted, the verdict, and what it is worth.
std::string as_text(const Findings& findings, const Verdict& verdict, const Palette& palette);

/// All keys are always there.
boost::json::object as_json(const Contest& contest, const Findings& findings, const Verdict& verdict);

}  // namespace leaselock::tool::verify
