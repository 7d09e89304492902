// The same as a coroutine, with work that takes longer than one lease: refresh between its parts. Errors are
// exceptions.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <iostream>

#include "leaselock/async_lock.hpp"
#include "leaselock/async_pool.hpp"

namespace {

using boost::asio::use_awaitable;

boost::asio::awaitable<void> work(leaselock::AsyncLock lock) {
  co_await lock.async_lock(use_awaitable);
  for (int part = 1; part <= 3; ++part) {
    // No I/O: is the lease certainly still ours? If not, another may be at work already.
    if (!lock.may_act()) throw std::runtime_error("the lease ran out");
    std::cout << "part " << part << " with token " << *lock.fencing_token() << '\n';
    co_await lock.async_refresh(use_awaitable);
  }
  co_await lock.async_unlock(use_awaitable);
}

}  // namespace

int main(int, char** words) {
  boost::asio::io_context context;
  int status = 0;
  boost::asio::co_spawn(context, work(leaselock::AsyncLock(context, words[1])), [&](std::exception_ptr failure) {
    if (!failure) return;
    status = 1;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      std::cerr << error.what() << '\n';
    }
  });
  context.run();
  leaselock::async_pool().join();
  return status;
}
