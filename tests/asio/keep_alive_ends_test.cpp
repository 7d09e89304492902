#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <memory>
#include <thread>

#include "keeping.hpp"

/// async_keep_alive() and the ends of what it depends on: the lock, the context, the operation itself.
namespace leaselock::testing {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

TEST_F(AsyncKeeping, ends_when_the_lock_is_given_back_while_a_refresh_is_under_way) {
  AsyncLock object = make(lasting(gated(), 1s));
  ASSERT_FALSE(lock(object));
  gate.stop_at(1);
  async_keep_alive(object, logged(), handler());
  std::thread opener([&] {
    gate.wait_until_reached();
    asio::post(context, [&] {
      object.async_unlock([](error_code error) { EXPECT_FALSE(error); });
      gate.open();
    });
  });
  run();
  opener.join();
  EXPECT_EQ(result, asio::error::operation_aborted);
  EXPECT_TRUE(is_free());
}

class AsyncKeepingOfEachType : public AsyncKeeping, public ::testing::WithParamInterface<asio::cancellation_type> {};

TEST_P(AsyncKeepingOfEachType, is_cancelled_at_once_and_leaves_the_lock_held) {
  AsyncLock object = make(gated());
  ASSERT_FALSE(lock(object));
  asio::cancellation_signal cancel;
  async_keep_alive(object, {}, asio::bind_cancellation_slot(cancel.slot(), handler()));
  poll();
  cancel.emit(GetParam());
  EXPECT_FALSE(result.has_value()) << "called from within emit()";
  run();
  EXPECT_EQ(result, asio::error::operation_aborted);
  EXPECT_TRUE(object.may_act());
  EXPECT_FALSE(refresh(object));
  async_keep_alive(object, {}, handler());
  poll();
  EXPECT_FALSE(unlock(object));
}

INSTANTIATE_TEST_SUITE_P(Types, AsyncKeepingOfEachType,
                         ::testing::Values(asio::cancellation_type::total, asio::cancellation_type::partial,
                                           asio::cancellation_type::terminal),
                         [](const auto& type) {
                           return type.param == asio::cancellation_type::total     ? "total"
                                  : type.param == asio::cancellation_type::partial ? "partial"
                                                                                   : "terminal";
                         });

TEST_F(AsyncKeeping, is_cancelled_while_a_refresh_hangs) {
  AsyncLock object = make(lasting(gated(), 3s));
  ASSERT_FALSE(lock(object));
  gate.stop_at(1);
  asio::cancellation_signal cancel;
  async_keep_alive(object, {}, asio::bind_cancellation_slot(cancel.slot(), handler()));
  std::thread canceller([&] {
    gate.wait_until_reached();
    asio::post(context, [&] { cancel.emit(asio::cancellation_type::terminal); });
  });
  run();  // would not return if it waited for the refresh
  canceller.join();
  EXPECT_EQ(result, asio::error::operation_aborted);
  gate.open();
  EXPECT_FALSE(unlock(object));
}

TEST_F(AsyncKeeping, ends_with_its_lock) {
  std::optional<AsyncLock> object(make());
  ASSERT_FALSE(lock(*object));
  async_keep_alive(*object, {}, handler());
  poll();
  object.reset();
  run();
  EXPECT_EQ(result, asio::error::operation_aborted);
  pool.join();
  EXPECT_TRUE(is_free());
}

TEST_F(AsyncKeeping, follows_a_lock_that_is_moved) {
  AsyncLock first = make(lasting(gated(), 1s));
  ASSERT_FALSE(lock(first));
  gate.stop_at(0);
  async_keep_alive(first, {}, handler());
  AsyncLock second = std::move(first);
  run_until([&] { return gate.steps() >= 2; });
  EXPECT_FALSE(unlock(second));
  EXPECT_EQ(result, asio::error::operation_aborted);
}

TEST_F(AsyncKeeping, goes_with_its_context_and_what_its_handler_owns) {
  auto own_context = std::make_unique<asio::io_context>(1);
  const auto story = [&]() -> asio::awaitable<void> {
    AsyncLock object(*own_context, path, lasting(gated(), 3s), pool.get_executor());
    co_await object.async_lock(asio::use_awaitable);
    gate.stop_at(1);
    co_await async_keep_alive(object, {}, asio::use_awaitable);
    ADD_FAILURE() << "went on without its context";
  };
  asio::co_spawn(*own_context, story, asio::detached);
  std::thread runner([&] { own_context->run(); });
  gate.wait_until_reached();
  own_context->stop();
  runner.join();
  own_context.reset();
  gate.open();
  pool.join();
  EXPECT_TRUE(is_free());
}

TEST_F(AsyncKeeping, ends_beside_the_work_of_a_coroutine) {
  using namespace asio::experimental::awaitable_operators;
  AsyncLock object = make();
  bool worked = false;
  const auto work = [&]() -> asio::awaitable<void> {
    asio::steady_timer timer(context, 1ms);
    co_await timer.async_wait(asio::use_awaitable);
    worked = true;
  };
  const auto story = [&]() -> asio::awaitable<void> {
    co_await object.async_lock(asio::use_awaitable);
    error_code error;
    co_await (work() || async_keep_alive(object, {}, asio::redirect_error(asio::use_awaitable, error)));
    co_await object.async_unlock(asio::use_awaitable);
  };
  asio::co_spawn(context, story, asio::detached);
  run();
  EXPECT_TRUE(worked);
  EXPECT_TRUE(is_free());
}

TEST_F(AsyncKeeping, takes_other_tokens_and_may_be_deferred_beyond_the_lock) {
  std::optional<AsyncLock> object(make());
  ASSERT_FALSE(lock(*object));
  std::future<void> future = async_keep_alive(*object, {}, asio::use_future);
  auto deferred = async_keep_alive(*object, {}, asio::deferred);
  EXPECT_FALSE(unlock(*object));
  EXPECT_THROW(future.get(), boost::system::system_error);
  object.reset();
  std::move(deferred)(handler());
  run();
  EXPECT_EQ(result, asio::error::operation_aborted);
}

}  // namespace
}  // namespace leaselock::testing
