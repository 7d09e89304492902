#pragma once

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/system/error_code.hpp>
#include <variant>

namespace leaselock {

/// The user's handler of an operation that has not ended, and the executors that it will go through, which are kept
/// busy until then.
class WaitingHandler {
 public:
  using Plain = boost::asio::any_completion_handler<void(boost::system::error_code)>;
  using WithAnswer = boost::asio::any_completion_handler<void(boost::system::error_code, bool)>;
  using Any = std::variant<Plain, WithAnswer>;

  WaitingHandler(Any handler, const boost::asio::any_io_executor& executor);

  /// Posts it to the lock's executor, from where it goes on to its own; never calls it here. The answer of
  /// async_try_lock() follows from the error. Once only.
  void post(boost::system::error_code error);

 private:
  boost::asio::any_io_executor executor_;
  boost::asio::any_completion_executor handlers_own_;
  Any handler_;
};

}  // namespace leaselock
