#pragma once

#include <boost/filesystem/path.hpp>
#include <string>
#include <system_error>

#include "leaselock/options.hpp"
#include "protocol/session.hpp"

namespace leaselock {

/// Turns a path, its purpose and the user's options into the protocol's settings. The error is Errc::invalid_options,
/// and `what` then says which option and why.
protocol::Settings settings_from(const boost::filesystem::path& lockfile, const LockOptions& options,
                                 const protocol::Purpose& purpose, std::error_code& error, std::string& what);

/// Empty, or why no lock with these options can be for this.
std::string why_not_purpose(const protocol::Purpose& purpose, const LockOptions& options);

/// Empty, or why this lifetime cannot be used anywhere.
std::string why_not_lifetime(Duration lifetime);

}  // namespace leaselock
