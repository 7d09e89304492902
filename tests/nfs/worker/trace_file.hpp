#pragma once

#include <functional>
#include <string>

namespace leaselock::nfs {

/// Appends every step of the protocol to a file, each with the counter's value before it, for LockOptions::on_trace.
/// Throws std::system_error when the file cannot be opened.
std::function<void(const std::string&)> trace_to(const std::string& file);

}  // namespace leaselock::nfs
