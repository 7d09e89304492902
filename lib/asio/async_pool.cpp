#include "leaselock/async_pool.hpp"

namespace leaselock {

boost::asio::thread_pool& async_pool() {
  // Never destroyed: that would wait, at the end of the program, for servers that do not answer.
  static auto* const pool = new boost::asio::thread_pool(async_pool_threads);
  return *pool;
}

}  // namespace leaselock
