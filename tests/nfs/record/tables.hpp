#pragma once

#include <string>

#include "record.hpp"

namespace leaselock::nfs {

/// Workers as rows; below it what was counted over all.
std::string table(const Report& report);

/// What went wrong, for the message of a failed test: overlaps, tokens and lines that were not understood, with who,
/// when and by how much. Empty if nothing did.
std::string complaints(const Report& report);

}  // namespace leaselock::nfs
