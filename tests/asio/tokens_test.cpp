#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <future>

#include "fixture.hpp"

/// Every operation with each completion token.
namespace leaselock::testing {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class Tokens : public AsyncTest {};

TEST_F(Tokens, callbacks_are_told_the_outcome) {
  AsyncLock first = make();
  AsyncLock second = make();
  EXPECT_FALSE(lock(first));
  EXPECT_TRUE(first.may_act());
  EXPECT_GT(first.remaining(), 5s);
  EXPECT_TRUE(first.fencing_token().has_value());
  EXPECT_FALSE(is_free());
  std::optional<bool> got;
  second.async_try_lock([&](error_code error, bool locked) {
    EXPECT_FALSE(error);
    got = locked;
  });
  run();
  EXPECT_EQ(got, false);
  EXPECT_FALSE(refresh(first));
  EXPECT_FALSE(unlock(first));
  EXPECT_FALSE(first.may_act());
  EXPECT_FALSE(first.fencing_token().has_value());
  second.async_try_lock([&](error_code, bool locked) { got = locked; });
  run();
  EXPECT_EQ(got, true);
}

TEST_F(Tokens, futures_carry_values_and_exceptions) {
  AsyncLock first = make();
  AsyncLock second = make();
  auto locked = first.async_lock(asio::use_future);
  run();
  EXPECT_NO_THROW(locked.get());
  auto tried = second.async_try_lock(asio::use_future);
  auto refreshed = first.async_refresh(30s, asio::use_future);
  run();
  EXPECT_FALSE(tried.get());
  EXPECT_NO_THROW(refreshed.get());
  EXPECT_GT(first.remaining(), 20s);
  auto timed_out = second.async_lock(0s, asio::use_future);
  run();
  auto unlocked = first.async_unlock(asio::use_future);
  run();
  EXPECT_NO_THROW(unlocked.get());
  pool.join();
  try {
    timed_out.get();
    ADD_FAILURE();
  } catch (const boost::system::system_error& error) {
    EXPECT_EQ(error.code(), Errc::timed_out);
  }
}

TEST_F(Tokens, coroutines_wait_and_throw) {
  AsyncLock first = make();
  AsyncLock second = make();
  bool done = false;
  const auto story = [&]() -> asio::awaitable<void> {
    co_await first.async_lock(asio::use_awaitable);
    EXPECT_FALSE(co_await second.async_try_lock(asio::use_awaitable));
    EXPECT_THROW(co_await second.async_lock(0s, asio::use_awaitable), boost::system::system_error);
    EXPECT_THROW(co_await second.async_unlock(asio::use_awaitable), boost::system::system_error);
    co_await first.async_refresh(asio::use_awaitable);
    const auto [error] = co_await second.async_refresh(asio::as_tuple(asio::use_awaitable));
    EXPECT_EQ(error, Errc::not_locked);
    co_await first.async_unlock(asio::use_awaitable);
    done = true;
  };
  asio::co_spawn(context, story, asio::detached);
  run();
  EXPECT_TRUE(done);
}

TEST_F(Tokens, deferred_operations_begin_when_they_are_called) {
  AsyncLock object = make();
  auto operation = object.async_lock(asio::deferred);
  run();
  EXPECT_FALSE(object.may_act());
  std::optional<error_code> result;
  std::move(operation)([&](error_code error) { result = error; });
  run();
  EXPECT_EQ(result, error_code());
  EXPECT_TRUE(object.may_act());
}

TEST_F(Tokens, a_deferred_operation_may_outlive_its_lock) {
  std::optional<AsyncLock> object(make());
  auto operation = object->async_lock(asio::deferred);
  object.reset();
  std::optional<error_code> result;
  std::move(operation)([&](error_code error) { result = error; });
  run();
  EXPECT_EQ(result, asio::error::operation_aborted);
  EXPECT_TRUE(is_free());
}

TEST_F(Tokens, raise_tells_what_the_blocking_lock_would_have_thrown) {
  AsyncLock first = make();
  AsyncLock second = make();
  EXPECT_FALSE(lock(first));
  const error_code error = result_of([&](auto handler) { second.async_lock(0s, handler); });
  try {
    second.raise(error);
  } catch (const TimeOutError& timeout) {
    EXPECT_EQ(timeout.lockfile(), path);
    EXPECT_NE(std::string(timeout.what()).find("pid " + std::to_string(::getpid())), std::string::npos)
        << timeout.what();
  }
  EXPECT_THROW(second.raise(Errc::lease_lost), NotLockedError);
}

TEST_F(Tokens, errors_of_the_operating_system_are_passed_on) {
  AsyncLock object(context, directory / "missing" / "job.lock", options(), pool.get_executor());
  const error_code error = lock(object);
  EXPECT_EQ(error, boost::system::errc::no_such_file_or_directory);
  EXPECT_EQ(error, std::errc::no_such_file_or_directory);
}

TEST_F(Tokens, options_that_mean_nothing_here_are_refused) {
  LockOptions with = options();
  with.on_wait = [](const Waiting&) {};
  EXPECT_THROW(make(with), LockError);
  with = options();
  const std::stop_source source;
  with.stop = source.get_token();
  EXPECT_THROW(make(with), LockError);
  with = options();
  with.fast_path = FastPath::required;
  EXPECT_THROW(make(with), LockError);
  with = options();
  with.lifetime = -1s;
  EXPECT_THROW(make(with), LockError);
}

}  // namespace
}  // namespace leaselock::testing
