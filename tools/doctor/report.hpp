#pragma once

#include <iosfwd>
#include <string>

#include "doctor/facts.hpp"
#include "doctor/judge.hpp"
#include "terminal.hpp"

/// The two forms in which a diagnosis is shown (docs/command_line.md).
namespace leaselock::tool::doctor {

void print_report(std::ostream& out, const Facts& facts, const Diagnosis& diagnosis, const Palette& palette);

/// One JSON object in one line. All keys are always there; what is not known is null.
std::string json_report(const Facts& facts, const Diagnosis& diagnosis);

}  // namespace leaselock::tool::doctor
