#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <list>

#include "keeping.hpp"
#include "leaselock/maintenance.hpp"

/// async_keep_alive(): what it reports, what it does to the work, and that it never blocks the context.
namespace leaselock::testing {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

TEST_F(AsyncKeeping, refreshes_until_the_lock_is_given_back) {
  AsyncLock object = make(lasting(gated(), 300ms));
  ASSERT_FALSE(lock(object));
  gate.stop_at(0);
  async_keep_alive(object, logged(), handler());
  EXPECT_FALSE(result.has_value());
  run_until([&] { return gate.steps() >= 5; });
  std::optional<error_code> unlocked;
  object.async_unlock([&](error_code error) { unlocked = error; });
  run();
  EXPECT_EQ(result, asio::error::operation_aborted);
  EXPECT_TRUE(unlocked.has_value());
  EXPECT_TRUE(is_free());
}

TEST_F(AsyncKeeping, tells_of_doubt_and_stops_the_work_while_a_refresh_hangs) {
  AsyncLock object = make(lasting(gated(), 1s));
  ASSERT_FALSE(lock(object));
  gate.stop_at(1);
  asio::cancellation_signal stop;
  KeepAliveOptions with = logged();
  with.patience = 1h;
  async_keep_alive(object, with, stop, handler());
  asio::steady_timer work(context, asio::steady_timer::time_point::max());
  std::optional<error_code> work_ended;
  work.async_wait(asio::bind_cancellation_slot(stop.slot(), [&](error_code error) { work_ended = error; }));
  run_until([&] { return work_ended.has_value(); });
  EXPECT_EQ(work_ended, asio::error::operation_aborted);
  EXPECT_EQ(reports.at(0).state, LeaseState::doubtful);
  EXPECT_FALSE(result.has_value()) << "it goes on, so that the work can end under the lock";
  gate.wait_until_reached();
  gate.open();
  run_until(LeaseState::held);
  EXPECT_TRUE(object.may_act());
  EXPECT_FALSE(unlock(object));
}

TEST_F(AsyncKeeping, ends_when_the_lease_is_lost_although_the_refresh_hangs_and_lets_the_lock_be_used) {
  AsyncLock object = make(lasting(gated(), 300ms));
  ASSERT_FALSE(lock(object));
  gate.stop_at(1);
  KeepAliveOptions with = logged();
  with.patience = 10ms;
  async_keep_alive(object, with, handler());
  run();  // would not return if it waited for the refresh
  EXPECT_EQ(result, Errc::lease_lost);
  EXPECT_EQ(reports.back().state, LeaseState::lost);
  EXPECT_FALSE(object.may_act());
  std::optional<error_code> unlocked;
  object.async_unlock([&](error_code error) { unlocked = error; });
  poll();
  EXPECT_FALSE(unlocked.has_value()) << "after what hangs";
  gate.open();
  run();
  EXPECT_TRUE(unlocked.has_value());
  EXPECT_TRUE(is_free());
}

TEST_F(AsyncKeeping, ends_at_once_when_a_refresh_finds_that_the_lock_is_lost) {
  AsyncLock object = make(lasting(options(), 1s));
  ASSERT_FALSE(lock(object));
  ASSERT_TRUE(unsafe_break(path));
  asio::cancellation_signal stop;
  bool stopped = false;
  stop.slot().assign([&](asio::cancellation_type type) { stopped = type == asio::cancellation_type::all; });
  async_keep_alive(object, logged(), stop, handler());
  run();
  EXPECT_EQ(result, Errc::lease_lost);
  EXPECT_TRUE(stopped);
  EXPECT_EQ(reports.back().error, Errc::lease_lost);
}

TEST_F(AsyncKeeping, of_a_lock_that_is_not_held_ends_with_that) {
  AsyncLock object = make();
  async_keep_alive(object, {}, handler());
  run();
  EXPECT_EQ(result, Errc::not_locked);
}

TEST_F(AsyncKeeping, is_refused_twice_for_one_lock_and_beside_another_operation) {
  AsyncLock object = make(gated());
  gate.stop_at(1);
  object.async_lock([](error_code error) { EXPECT_FALSE(error); });
  async_keep_alive(object, {}, handler());
  gate.wait_until_reached();
  gate.open();
  run();
  EXPECT_EQ(result, asio::error::already_started);
  result.reset();
  async_keep_alive(object, {}, handler());
  std::optional<error_code> second;
  async_keep_alive(object, {}, [&](error_code error) { second = error; });
  run_until([&] { return second.has_value(); });
  EXPECT_EQ(second, asio::error::already_started);
  EXPECT_FALSE(result.has_value());
  EXPECT_FALSE(unlock(object));
}

TEST_F(AsyncKeeping, with_wrong_options_is_refused_and_disturbs_nothing) {
  AsyncLock object = make();
  ASSERT_FALSE(lock(object));
  KeepAliveOptions wrong;
  wrong.margin = 15s;
  async_keep_alive(object, wrong, handler());
  run();
  EXPECT_EQ(result, Errc::invalid_options);
  EXPECT_TRUE(object.may_act());
}

TEST_F(AsyncKeeping, many_live_on_one_thread) {
  constexpr std::size_t many = 200;
  std::list<AsyncLock> locks;
  std::size_t held = 0;
  std::size_t ended = 0;
  for (std::size_t i = 0; i < many; ++i) {
    locks.emplace_back(context, directory / std::to_string(i), options(), pool.get_executor());
    AsyncLock& one = locks.back();
    one.async_lock([&](error_code error) {
      ASSERT_FALSE(error);
      ++held;
      async_keep_alive(one, {}, [&](error_code why) {
        EXPECT_EQ(why, asio::error::operation_aborted);
        ++ended;
      });
    });
  }
  run_until([&] { return held == many; });
  for (AsyncLock& one : locks) one.async_unlock([](error_code error) { EXPECT_FALSE(error); });
  run();
  EXPECT_EQ(ended, many);
}

}  // namespace
}  // namespace leaselock::testing
