#pragma once

#include <boost/filesystem/path.hpp>
#include <functional>

namespace leaselock::cluster {

/// Runs body in a process that has name spaces of its own for network, mounts and process ids, and returns what it
/// returned, or 128 + the signal that ended it. Whatever body leaves behind (processes, bridges, taps, mounts, files in
/// scratch()) ends with it, even if this process is killed: the kernel tears the name spaces down. Nothing of it can be
/// seen or reached from the machine's own network.
/// Throws std::system_error where the kernel refuses.
int run_in_sandbox(const std::function<int()>& body);

/// A directory in memory that only processes of the sandbox see.
const boost::filesystem::path& scratch();

/// The root of the control groups (version 2), by which a host is frozen, and a group of this sandbox's own below it.
boost::filesystem::path control_group();

}  // namespace leaselock::cluster
