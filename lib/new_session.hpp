#pragma once

#include <boost/filesystem/path.hpp>

#include "leaselock/options.hpp"
#include "ports/environment.hpp"
#include "protocol/session.hpp"

namespace leaselock {

/// What a new lock object knows before its first operation: its settings, and an identity that nobody else has.
/// Throws: LockError (Errc::invalid_options).
protocol::Session new_session(const boost::filesystem::path& lockfile, const LockOptions& options,
                              const protocol::Purpose& purpose, const ports::Environment& environment);

/// When a wait that begins now ends; waits too long to be told apart from eternity do not end.
LeaseTime give_up_at(LeaseTime now, const std::optional<Duration>& timeout);

}  // namespace leaselock
