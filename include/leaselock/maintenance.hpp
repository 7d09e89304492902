#pragma once

#include <boost/filesystem/path.hpp>
#include <cstddef>
#include <string>
#include <system_error>
#include <vector>

#include "leaselock/error.hpp"
#include "leaselock/export.hpp"
#include "leaselock/holder.hpp"
#include "leaselock/options.hpp"

/// For operators and the command line: looking at a lock, breaking it, and clearing what crashed processes left.
/// Each has two forms with one body; the throwing one throws LockError. All do I/O and none extends a lease.
/// `options` must name the mode, separator and trust that the lock's users have, and permissions where a group shares
/// it; the rest is ignored.
/// Thread safety: free functions without shared state.
namespace leaselock {

/// Looks at a lock and changes nothing of it. Expiry is judged by this host's wall clock, for display only.
/// Beside reading, where it may: it sets the fence directory's times to now when a rename tore the listing of it apart
/// (protocol.md 5.1), and makes and removes a private directory when the fence is another user's (protocol.md 21.2).
/// It lists the lock's directory, too, for what crashed processes left.
/// Errors: from the operating system, naming the directory. What is wrong with the files is in LockStatus::problem.
LEASELOCK_API LockStatus inspect(const boost::filesystem::path& lockfile, const LockOptions& options = {});
LEASELOCK_API LockStatus inspect(const boost::filesystem::path& lockfile, const LockOptions& options,
                                 std::error_code& error);

/// Breaks a lock whose lease has run out, by the server's clock, as the next contender would (protocol.md 4.4). Of a
/// semaphore the slots whose leases have; a shared lock only when no lease is left.
/// Returns false when nobody held it. Errors: Errc::still_alive while the lease may be alive.
LEASELOCK_API bool break_expired(const boost::filesystem::path& lockfile, const LockOptions& options = {});
LEASELOCK_API bool break_expired(const boost::filesystem::path& lockfile, const LockOptions& options,
                                 std::error_code& error);

/// Breaks a lock whatever its lease, of a semaphore all slots, of a shared lock every reader's. Unsafe: the holder, if
/// it lives, goes on until it next refreshes or asks may_act() after its deadline; only the fencing token protects the
/// resource meanwhile, and an unlock() before that deadline can not tell that this happened. Returns false when nobody
/// held it.
LEASELOCK_API bool unsafe_break(const boost::filesystem::path& lockfile, const LockOptions& options = {});
LEASELOCK_API bool unsafe_break(const boost::filesystem::path& lockfile, const LockOptions& options,
                                std::error_code& error);

/// What clean() did.
struct Cleaned {
  std::vector<std::string> removed;  ///< names, in the lock's directory
  std::size_t kept = 0;              ///< files of this lock that may still be in use
};

/// Removes what crashed processes left of one lock, and its fence directory if nobody holds the lock; nothing that
/// may be in use, nothing of flufl.lock, nothing whose name is not exactly ours (protocol.md section 11).
/// Where a free lock has a queue it waits until it is its turn, for somebody killed as well: 17 s at most on a network
/// file system, 1.7 s on a local one.
LEASELOCK_API Cleaned clean(const boost::filesystem::path& lockfile, const LockOptions& options = {});
LEASELOCK_API Cleaned clean(const boost::filesystem::path& lockfile, const LockOptions& options,
                            std::error_code& error);

/// The locks that have left traces in a directory: names that clean() and inspect() take, sorted.
LEASELOCK_API std::vector<boost::filesystem::path> locks_in(const boost::filesystem::path& directory,
                                                            const LockOptions& options = {});
LEASELOCK_API std::vector<boost::filesystem::path> locks_in(const boost::filesystem::path& directory,
                                                            const LockOptions& options, std::error_code& error);

}  // namespace leaselock
