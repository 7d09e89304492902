#include "asio/pool_queue.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "asio/async_state.hpp"

namespace leaselock {
namespace {

/// Enough for all threads that a pool may have; more would only cost memory.
constexpr int most_posted = 64;

}  // namespace

void PoolQueue::add(const boost::asio::any_io_executor& pool, std::shared_ptr<AsyncState> state, bool urgent) {
  {
    const std::lock_guard guard(mutex_);
    if (closed_) return;
    (urgent ? urgent_ : others_).push_back(std::move(state));
    if (posted_ == most_posted) return;
    ++posted_;
  }
  post(pool);
}

void PoolQueue::post(const boost::asio::any_io_executor& pool) {
  boost::asio::post(pool, [self = shared_from_this(), pool] { self->run_next(pool); });
}

void PoolQueue::run_next(const boost::asio::any_io_executor& pool) {
  if (const auto next = take()) next->run();
  {
    const std::lock_guard guard(mutex_);
    if (urgent_.empty() && others_.empty()) {
      --posted_;
      return;
    }
  }
  post(pool);
}

std::shared_ptr<AsyncState> PoolQueue::take() {
  const std::lock_guard guard(mutex_);
  Queue& queue = urgent_.empty() ? others_ : urgent_;
  if (queue.empty()) return nullptr;
  auto next = std::move(queue.front());
  queue.pop_front();
  return next;
}

void PoolQueue::close() {
  Queue urgent;
  Queue others;
  {
    const std::lock_guard guard(mutex_);
    closed_ = true;
    urgent.swap(urgent_);
    others.swap(others_);
  }
  // Destroyed without the mutex: the last that knows of a state closes its files.
}

}  // namespace leaselock
