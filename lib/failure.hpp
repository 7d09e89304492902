#pragma once

#include <boost/filesystem/path.hpp>
#include <optional>
#include <system_error>

#include "leaselock/holder.hpp"
#include "protocol/session.hpp"

namespace leaselock {

/// Who holds a lock, as its baton tells.
Holder holder_of(const protocol::Baton& baton);
/// As the name of the claim tells that its lock file is linked to.
Holder holder_of(const protocol::ClaimName& claim, const std::string& name, std::optional<ServerTime> expiry);

/// Who held the lock when a lock() that did not get it last looked.
std::optional<Holder> last_holder(const protocol::Session& session);

/// Throws the exception for this code, naming the path, the holder where known, and the next thing to do.
[[noreturn]] void raise(std::error_code error, const boost::filesystem::path& lockfile,
                        const protocol::Session& session);

}  // namespace leaselock
