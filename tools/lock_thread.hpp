#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <optional>
#include <string>
#include <system_error>

namespace leaselock::tool {

/// What a LockError told, or another std::system_error.
struct Failure {
  std::error_code code;
  std::string text;
};

/// The thread that takes the lock and gives it back. A call on a hung file server can block for minutes; signals must
/// be acted on meanwhile.
class LockThread {
 public:
  explicit LockThread(boost::asio::io_context& io) : io_(io), work_(io.get_executor()) {}

  /// Runs `call` in the thread, then `done` in the io_context. Calls run one after the other.
  void start(std::function<void()> call, std::function<void(const std::optional<Failure>&)> done);

 private:
  boost::asio::io_context& io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::thread_pool pool_{1};
};

}  // namespace leaselock::tool
