// On Boost.Asio, with work that is cancelled when the lease becomes doubtful. The keeping goes on until the lock is
// given back, so the work ends under the lock's protection.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <iostream>

#include "leaselock/async_keep_alive.hpp"
#include "leaselock/async_pool.hpp"

namespace {

using namespace std::chrono_literals;
using boost::asio::use_awaitable;
using boost::system::error_code;

boost::asio::awaitable<void> work() {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
  for (int part = 1; part <= 5; ++part) {
    timer.expires_after(20ms);
    co_await timer.async_wait(use_awaitable);  // throws when it is cancelled
    std::cout << "part " << part << '\n';
  }
}

boost::asio::awaitable<void> story(leaselock::AsyncLock& lock) {
  co_await lock.async_lock(use_awaitable);
  boost::asio::cancellation_signal stop;  // outlives the keeping, which ends with async_unlock()
  async_keep_alive(lock, {}, stop, [](error_code why) {
    if (why != boost::asio::error::operation_aborted) std::cerr << "not kept: " << why.message() << '\n';
  });
  std::exception_ptr failure;
  try {
    const auto executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::co_spawn(executor, work(), boost::asio::bind_cancellation_slot(stop.slot(), use_awaitable));
  } catch (...) {
    failure = std::current_exception();
  }
  error_code late;
  co_await lock.async_unlock(boost::asio::redirect_error(use_awaitable, late));
  if (failure) std::rethrow_exception(failure);
  if (late) lock.raise(late);  // lease_lost: not protected to the end
  std::cout << "done, protected to the end\n";
}

}  // namespace

int main(int, char** words) {
  int status = 0;
  boost::asio::io_context context;
  {
    leaselock::AsyncLock lock(context, words[1]);
    boost::asio::co_spawn(context, story(lock), [&](std::exception_ptr failure) { status = failure ? 1 : 0; });
    context.run();
  }
  leaselock::async_pool().join();
  return status;
}
