#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <memory>
#include <mutex>

namespace leaselock {

class AsyncState;

/// The operations that wait for a thread of one pool. Refreshes go first, because they have a deadline: thousands that
/// want a lock must not make those lose theirs who have one. Each of the others in order of arrival.
/// Thread safety: any thread.
class PoolQueue : public std::enable_shared_from_this<PoolQueue> {
 public:
  /// Has state->run() called on the pool.
  void add(const boost::asio::any_io_executor& pool, std::shared_ptr<AsyncState> state, bool urgent);
  /// Forgets all, and from now on each one that comes.
  void close();

 private:
  using Queue = std::deque<std::shared_ptr<AsyncState>>;
  void post(const boost::asio::any_io_executor& pool);
  /// Runs one of those that wait, and stays on the pool while there are more.
  void run_next(const boost::asio::any_io_executor& pool);
  std::shared_ptr<AsyncState> take();

  std::mutex mutex_;
  bool closed_ = false;
  int posted_ = 0;  ///< calls of run_next() that are to come
  Queue urgent_;
  Queue others_;
};

}  // namespace leaselock
