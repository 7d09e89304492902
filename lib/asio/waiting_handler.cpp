#include "asio/waiting_handler.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <utility>

#include "leaselock/error.hpp"

namespace leaselock {
namespace {

namespace asio = boost::asio;

template <class Executor>
Executor busy(const Executor& executor) {
  return asio::prefer(executor, asio::execution::outstanding_work.tracked);
}

asio::any_completion_executor executor_of(const WaitingHandler::Any& handler, const asio::any_io_executor& otherwise) {
  return std::visit(
      // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks): does not follow Boost's reference counts
      [&](const auto& one) { return asio::get_associated_executor(one, asio::any_completion_executor(otherwise)); },
      handler);
}

void call(WaitingHandler::Plain handler, boost::system::error_code error) { std::move(handler)(error); }

void call(WaitingHandler::WithAnswer handler, boost::system::error_code error) {
  const bool locked = !error;
  if (error == Errc::timed_out) error.clear();
  std::move(handler)(error, locked);
}

}  // namespace

WaitingHandler::WaitingHandler(Any handler, const asio::any_io_executor& executor)
    : executor_(busy(executor)), handlers_own_(busy(executor_of(handler, executor))), handler_(std::move(handler)) {}

void WaitingHandler::post(boost::system::error_code error) {
  const auto post_one = [&](auto& handler) {
    auto bound = [handler = std::move(handler), error]() mutable { call(std::move(handler), error); };
    asio::post(executor_, asio::bind_executor(std::move(handlers_own_), std::move(bound)));
  };
  std::visit(post_one, handler_);
}

}  // namespace leaselock
