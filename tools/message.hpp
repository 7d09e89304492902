#pragma once

#include <boost/filesystem/path.hpp>
#include <string>
#include <string_view>

#include "leaselock/holder.hpp"
#include "leaselock/options.hpp"

/// The words of all commands about locks and their holders.
namespace leaselock::tool {

/// One line on standard error, after the program's name, in one write so that lines of several processes do not mix.
void say(std::string_view text);

/// "host web3, pid 4711".
std::string describe(const Holder& holder);

/// "2026-11-21 08:15:30.250 +0100 (in 12.3s)", or "(12.3s ago)".
std::string describe_expiry(WallTime expires);

/// A command line that can be pasted, with the options that all users of this lock share:
/// "leaselock break --compat '/mnt/a b.lck'".
std::string command_for(std::string_view command, const boost::filesystem::path& lockfile, const LockOptions& options);

}  // namespace leaselock::tool
