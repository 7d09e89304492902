#pragma once

#include <boost/asio/thread_pool.hpp>
#include <cstddef>

#include "leaselock/export.hpp"

namespace leaselock {

/// How many threads async_pool() has.
inline constexpr std::size_t async_pool_threads = 6;

/// The threads on which every AsyncLock makes its file-system calls unless it was given others. One for the process,
/// started at the first call and never stopped.
///
/// As many calls as there are threads can hang on a server that does not answer; then all locks wait that use the pool,
/// those of other servers too. Give the locks of each mount that may hang a boost::asio::thread_pool of their own.
///
/// join() waits until everything that was begun is done, the releases of destroyed locks included, and then ends the
/// threads: for the end of main(), after the last AsyncLock is gone. Nothing runs here afterwards.
/// Thread safety: any thread.
LEASELOCK_API boost::asio::thread_pool& async_pool();

}  // namespace leaselock
