#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>

#include "fixture.hpp"
#include "leaselock/lease_timer.hpp"
#include "step_gate.hpp"

/// Cancelling each operation at each moment: what it reports, when, and what it leaves behind.
namespace leaselock::testing {
namespace {

namespace asio = boost::asio;
using asio::cancellation_type;
using namespace std::chrono_literals;

class Cancellation : public GatedTest {
 protected:
  /// A handler that can be cancelled through the signal.
  auto handler() {
    result.reset();
    return asio::bind_cancellation_slot(signal.slot(), [this](error_code error) { result = error; });
  }
  /// Calls the handlers that are ready.
  void poll() {
    context.restart();
    context.poll();
  }
  /// Occupies every thread of the pool until the promise is kept.
  std::promise<void> occupy_pool() {
    std::promise<void> done;
    const std::shared_future<void> end = done.get_future().share();
    for (int i = 0; i < 3; ++i) asio::post(pool, [end] { end.wait(); });
    return done;
  }

  asio::cancellation_signal signal;
  std::optional<error_code> result;
};

class CancellationOfEachType : public Cancellation, public ::testing::WithParamInterface<cancellation_type> {
 protected:
  bool at_once() const { return GetParam() == cancellation_type::terminal; }
};

TEST_P(CancellationOfEachType, before_it_has_begun_lock_and_refresh_do_nothing) {
  AsyncLock fresh = make();
  AsyncLock held(context, directory / "held.lock", options(), pool.get_executor());
  ASSERT_FALSE(lock(held));
  std::promise<void> pool_is_busy = occupy_pool();
  fresh.async_lock(handler());
  signal.emit(GetParam());
  EXPECT_FALSE(result.has_value()) << "called from within emit()";
  poll();
  EXPECT_EQ(result, asio::error::operation_aborted);
  const FencingToken token = held.fencing_token().value();
  held.async_refresh(handler());
  signal.emit(GetParam());
  poll();
  EXPECT_EQ(result, asio::error::operation_aborted);
  pool_is_busy.set_value();
  EXPECT_FALSE(unlock(held));
  EXPECT_TRUE(token != 0 && is_free());
}

TEST_P(CancellationOfEachType, ends_the_waiting_and_leaves_nothing) {
  AsyncLock holder = make();
  ASSERT_FALSE(lock(holder));
  const std::size_t names = leftovers().size();
  {
    AsyncLock waiter = make(gated());
    gate.stop_at(8);  // it has slept at least once by then
    waiter.async_lock(handler());
    gate.wait_until_reached();
    gate.open();
    signal.emit(GetParam());
    run();
    EXPECT_EQ(result, asio::error::operation_aborted);
    if (!at_once()) {
      EXPECT_EQ(leftovers().size(), names);
    }
  }
  EXPECT_FALSE(unlock(holder));
  pool.join();
}

TEST_P(CancellationOfEachType, at_every_step_gives_back_what_was_taken) {
  StepGate counter;
  LockOptions counted = options();
  counted.on_trace = counter.hook();
  AsyncLock once(context, directory / "once.lock", counted, pool.get_executor());
  ASSERT_FALSE(lock(once));
  const int steps = counter.steps();
  ASSERT_GT(steps, 10);
  for (int step = 1; step <= steps; ++step) {
    SCOPED_TRACE(step);
    path = directory / ("job" + std::to_string(step) + ".lock");
    AsyncLock object = make(gated());
    gate.stop_at(step);
    object.async_lock(handler());
    gate.wait_until_reached();
    signal.emit(GetParam());
    poll();
    EXPECT_EQ(result.has_value(), at_once());
    gate.open();
    run();
    EXPECT_EQ(result, asio::error::operation_aborted);
    EXPECT_FALSE(object.may_act());
    // Whatever it still had to do goes before this.
    EXPECT_EQ(refresh(object), Errc::not_locked);
    EXPECT_TRUE(is_free());
  }
  EXPECT_FALSE(unlock(once));
  once = AsyncLock(context, path);
  pool.join();
  EXPECT_EQ(leftovers(), std::vector<std::string>());
}

TEST_P(CancellationOfEachType, that_comes_too_late_changes_nothing) {
  AsyncLock object = make();
  object.async_lock(handler());
  run();
  ASSERT_EQ(result, error_code());
  signal.emit(GetParam());
  EXPECT_TRUE(object.may_act());
  object.async_unlock([](error_code error) { EXPECT_FALSE(error); });
  signal.emit(GetParam());
  run();
}

INSTANTIATE_TEST_SUITE_P(Types, CancellationOfEachType,
                         ::testing::Values(cancellation_type::total, cancellation_type::partial,
                                           cancellation_type::terminal, cancellation_type::all),
                         [](const auto& type) {
                           return type.param == cancellation_type::total      ? "total"
                                  : type.param == cancellation_type::partial  ? "partial"
                                  : type.param == cancellation_type::terminal ? "terminal"
                                                                              : "all";
                         });

TEST_F(Cancellation, of_a_refresh_under_way_is_refused_unless_terminal) {
  AsyncLock object = make(gated());
  ASSERT_FALSE(lock(object));
  gate.stop_at(1);
  object.async_refresh(30s, handler());
  gate.wait_until_reached();
  signal.emit(cancellation_type::total);
  poll();
  EXPECT_FALSE(result.has_value());
  gate.open();
  run();
  EXPECT_EQ(result, error_code());
  EXPECT_GT(object.remaining(), 20s);

  gate.stop_at(1);
  object.async_refresh(60s, handler());
  gate.wait_until_reached();
  signal.emit(cancellation_type::terminal);
  poll();
  EXPECT_EQ(result, asio::error::operation_aborted);
  gate.open();
  EXPECT_FALSE(refresh(object));  // after it
  EXPECT_GT(object.remaining(), 50s) << "the lifetime that the cancelled one had set";
}

TEST_F(Cancellation, does_not_keep_a_lock_from_being_given_back) {
  AsyncLock object = make(gated());
  ASSERT_FALSE(lock(object));
  gate.stop_at(1);
  object.async_unlock(handler());
  EXPECT_FALSE(object.may_act());
  gate.wait_until_reached();
  signal.emit(cancellation_type::total);
  poll();
  EXPECT_FALSE(result.has_value());
  signal.emit(cancellation_type::terminal);
  poll();
  EXPECT_EQ(result, asio::error::operation_aborted);
  gate.open();
  pool.join();
  EXPECT_TRUE(is_free());
}

TEST_F(Cancellation, at_once_does_not_keep_the_next_operation_from_its_turn) {
  AsyncLock object = make(gated());
  gate.stop_at(5);
  object.async_lock(handler());
  gate.wait_until_reached();
  signal.emit(cancellation_type::terminal);
  std::optional<error_code> second;
  object.async_lock([&](error_code error) { second = error; });
  poll();
  EXPECT_EQ(result, asio::error::operation_aborted);
  EXPECT_FALSE(second.has_value());
  gate.open();
  run();
  EXPECT_EQ(second, error_code());
  EXPECT_TRUE(object.may_act());
}

TEST_F(Cancellation, keeps_the_deadline_of_a_coroutine_although_the_server_hangs) {
  using namespace asio::experimental::awaitable_operators;
  AsyncLock object = make(gated());
  gate.stop_at(4);
  bool in_time = true;
  const auto story = [&]() -> asio::awaitable<void> {
    LeaseTimer timer(context, 10ms);
    const auto first = co_await (object.async_lock(asio::use_awaitable) || timer.async_wait(asio::use_awaitable));
    in_time = first.index() == 0;
  };
  asio::co_spawn(context, story, asio::detached);
  run();  // would not return if the operation waited for its step
  EXPECT_FALSE(in_time);
  gate.open();
  EXPECT_EQ(unlock(object), Errc::not_locked);
  EXPECT_TRUE(is_free());
}

TEST_F(Cancellation, of_an_operation_that_stands_behind_another_does_not_reach_that) {
  AsyncLock object = make(gated());
  gate.stop_at(0);
  ASSERT_FALSE(lock(object));
  gate.stop_at(1);
  object.async_refresh(40s, handler());
  gate.wait_until_reached();
  signal.emit(cancellation_type::terminal);
  for (int i = 0; i < 100; ++i) {
    object.async_refresh(60s, handler());
    signal.emit(cancellation_type::total);
    poll();
    ASSERT_EQ(result, asio::error::operation_aborted);
  }
  gate.open();
  EXPECT_FALSE(refresh(object));
  EXPECT_LT(object.remaining(), 41s);
  EXPECT_GT(object.remaining(), 30s);
}

}  // namespace
}  // namespace leaselock::testing
