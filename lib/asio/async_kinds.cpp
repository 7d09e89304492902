#include "leaselock/async_semaphore.hpp"
#include "leaselock/async_shared_lock.hpp"
#include "protocol/names.hpp"

/// The other kinds are the lock for another purpose.
namespace leaselock {

AsyncSemaphore::AsyncSemaphore(executor_type executor, const boost::filesystem::path& lockfile, std::uint32_t slots,
                               const LockOptions& options, const executor_type& pool)
    : lock_(std::move(executor), lockfile, options, pool, {LockKind::semaphore, slots}), slots_(slots) {}

AsyncSharedLock::AsyncSharedLock(executor_type executor, const boost::filesystem::path& lockfile,
                                 const LockOptions& options, const executor_type& pool)
    : lock_(std::move(executor), lockfile, options, pool, {LockKind::shared_lock, 1}) {}

}  // namespace leaselock
