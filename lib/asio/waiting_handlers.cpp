#include "asio/waiting_handlers.hpp"

#include <utility>

namespace leaselock {

WaitingHandlers::Number WaitingHandlers::add(WaitingHandler handler) {
  const std::lock_guard guard(mutex_);
  if (!closed_) handlers_.emplace(++last_, std::move(handler));
  return closed_ ? ++last_ : last_;
}

void WaitingHandlers::complete(Number number, boost::system::error_code error) {
  // Posted under the mutex, so that the context cannot go in between.
  const std::lock_guard guard(mutex_);
  if (auto found = handlers_.extract(number)) found.mapped().post(error);
}

void WaitingHandlers::close() {
  std::unordered_map<Number, WaitingHandler> handlers;
  {
    const std::lock_guard guard(mutex_);
    closed_ = true;
    handlers.swap(handlers_);
  }
  // Destroyed without the mutex: a handler may own the lock that it waits for.
}

}  // namespace leaselock
