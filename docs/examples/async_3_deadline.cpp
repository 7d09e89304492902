// Waiting no longer than a deadline, whatever happens. The timeout of async_lock() ends the waiting, but a server that
// does not answer can hold up the call that is under way. A cancelled operation completes at once, and what it left to
// do is done in the background: here the lock is held by somebody else, so the deadline wins.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <iostream>

#include "leaselock/async_lock.hpp"
#include "leaselock/async_pool.hpp"
#include "leaselock/lease_timer.hpp"

namespace {

using namespace boost::asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using boost::asio::use_awaitable;

boost::asio::awaitable<bool> lock_before(leaselock::AsyncLock& lock, leaselock::LeaseTime deadline) {
  leaselock::LeaseTimer timer(lock.get_executor(), deadline);
  const auto first = co_await (lock.async_lock(use_awaitable) || timer.async_wait(use_awaitable));
  co_return first.index() == 0;
}

boost::asio::awaitable<void> story(leaselock::AsyncLock& lock, leaselock::AsyncLock& other) {
  co_await other.async_lock(use_awaitable);
  const bool ours = co_await lock_before(lock, leaselock::LeaseClock::now() + 300ms);
  std::cout << (ours ? "ours" : "not in time") << '\n';

  // The same with a text that tells who is in the way.
  boost::system::error_code error;
  co_await lock.async_lock(100ms, boost::asio::redirect_error(use_awaitable, error));
  try {
    if (error) lock.raise(error);
  } catch (const leaselock::TimeOutError& timeout) {
    std::cout << timeout.what() << '\n';
  }
}

}  // namespace

int main(int, char** words) {
  boost::asio::io_context context;
  {
    leaselock::AsyncLock lock(context, words[1]);
    leaselock::AsyncLock other(context, words[1]);
    boost::asio::co_spawn(context, story(lock, other), boost::asio::detached);
    context.run();
  }
  // `other` still held its lock: it is given back in the background, and this waits for it.
  leaselock::async_pool().join();
}
