// The smallest program: take the lock, work, give it back, each step in the handler of the one before.
#include <boost/asio/io_context.hpp>
#include <iostream>
#include <optional>

#include "leaselock/async_lock.hpp"
#include "leaselock/async_pool.hpp"

int main(int, char** words) {
  boost::asio::io_context context;
  std::optional<leaselock::AsyncLock> object(std::in_place, context, words[1]);
  leaselock::AsyncLock& lock = *object;

  lock.async_lock([&](boost::system::error_code error) {
    if (error) {
      std::cerr << "not locked: " << error.message() << '\n';
      return;
    }
    std::cout << "ours, token " << *lock.fencing_token() << '\n';
    lock.async_unlock([](boost::system::error_code late) {
      // lease_lost here means that the work was not protected to its end.
      std::cout << (late ? late.message() : "given back") << '\n';
    });
  });

  context.run();

  // The end of a lock removes its file in the background; a program that ends at once may leave it to others.
  object.reset();
  leaselock::async_pool().join();
}
