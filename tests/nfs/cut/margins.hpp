#pragma once

#include <string>
#include <vector>

#include "cut_run.hpp"

namespace leaselock::nfs {

/// What went wrong, with everything that was seen of it: two commands alive at one moment, or one that never ran.
/// Empty if nothing did.
std::string complaints(const std::vector<Outcome>& outcomes);

/// The margins by NFS version, and by what the commands did, what happened to the supervisors, and what to the hosts.
/// In Markdown.
std::string margins_table(const std::vector<Outcome>& outcomes);

}  // namespace leaselock::nfs
