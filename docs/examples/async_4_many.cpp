// Many locks, one thread: each is kept alive by a timer and gives itself back when it is told to stop or is lost. What
// a lock costs here is memory and descriptors, no thread (docs/async.md).
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/filesystem/path.hpp>
#include <chrono>
#include <cstddef>
#include <iostream>
#include <list>

#include "leaselock/async_lock.hpp"
#include "leaselock/async_pool.hpp"
#include "leaselock/lease_timer.hpp"

namespace {

using namespace std::chrono_literals;
using boost::asio::use_awaitable;
using leaselock::AsyncLock;
using leaselock::LeaseTimer;

struct Fleet {
  bool stop = false;
  std::size_t held = 0;
  std::size_t refreshes = 0;
};

/// Every third of the lifetime: one refresh may then be lost or late. On the clock of leases, which counts suspend.
boost::asio::awaitable<void> keep(AsyncLock& lock, leaselock::Duration lifetime, Fleet& fleet) {
  LeaseTimer timer(lock.get_executor());
  co_await lock.async_lock(use_awaitable);
  ++fleet.held;
  while (!fleet.stop) {
    timer.expires_after(lifetime / 3);
    co_await timer.async_wait(use_awaitable);
    co_await lock.async_refresh(use_awaitable);
    ++fleet.refreshes;
  }
  co_await lock.async_unlock(use_awaitable);
}

boost::asio::awaitable<void> stop_after(leaselock::Duration length, Fleet& fleet) {
  LeaseTimer timer(co_await boost::asio::this_coro::executor, length);
  co_await timer.async_wait(use_awaitable);
  fleet.stop = true;
}

}  // namespace

int main(int, char** words) {
  boost::asio::io_context context;
  leaselock::LockOptions options;
  options.lifetime = 6s;
  Fleet fleet;
  std::list<AsyncLock> locks;
  for (int i = 0; i < 100; ++i) {
    locks.emplace_back(context, boost::filesystem::path(words[1]).string() + std::to_string(i), options);
    // A lock that is lost ends its coroutine with an exception; here that ends the program.
    boost::asio::co_spawn(context, keep(locks.back(), options.lifetime, fleet), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
  }
  boost::asio::co_spawn(context, stop_after(3s, fleet), boost::asio::detached);
  context.run();
  locks.clear();
  leaselock::async_pool().join();
  std::cout << fleet.held << " held, " << fleet.refreshes << " refreshes\n";
}
