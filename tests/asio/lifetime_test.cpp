#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include "fixture.hpp"
#include "step_gate.hpp"

/// Who calls the handler and when, one operation at a time, and ends of objects at bad moments.
namespace leaselock::testing {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

using Lifetime = GatedTest;

TEST_F(Lifetime, a_second_operation_is_refused_and_disturbs_nothing) {
  AsyncLock object = make(gated());
  gate.stop_at(3);
  std::optional<error_code> first;
  std::optional<error_code> second;
  object.async_lock([&](error_code error) { first = error; });
  gate.wait_until_reached();
  object.async_unlock([&](error_code error) { second = error; });
  EXPECT_FALSE(second.has_value()) << "called before the function had returned";
  context.restart();
  context.poll();
  EXPECT_EQ(second, asio::error::already_started);
  gate.open();
  run();
  EXPECT_EQ(first, error_code());
  EXPECT_TRUE(object.may_act());
}

TEST_F(Lifetime, a_refresh_does_not_queue_behind_those_who_want_a_lock) {
  asio::thread_pool one(1);
  AsyncLock held(context, directory / "held.lock", options(), one.get_executor());
  ASSERT_FALSE(lock(held));
  AsyncLock slow(context, directory / "slow.lock", gated(), one.get_executor());
  gate.stop_at(1);
  std::vector<std::string> order;
  const auto note = [&](const std::string& what) {
    return [&order, what](error_code error) {
      EXPECT_FALSE(error);
      order.push_back(what);
    };
  };
  slow.async_lock(note("slow"));
  gate.wait_until_reached();
  AsyncLock third(context, directory / "third.lock", options(), one.get_executor());
  third.async_lock(note("third"));
  held.async_refresh(note("refresh"));
  gate.open();
  run();
  EXPECT_EQ(order, (std::vector<std::string>{"slow", "refresh", "third"}));
}

TEST_F(Lifetime, a_timeout_leaves_nothing_behind) {
  AsyncLock holder = make();
  ASSERT_FALSE(lock(holder));
  const std::vector<std::string> before = leftovers();
  AsyncLock waiter = make();
  EXPECT_EQ(result_of([&](auto handler) { waiter.async_lock(30ms, handler); }), Errc::timed_out);
  EXPECT_EQ(leftovers(), before);
  EXPECT_EQ(result_of([&](auto handler) { waiter.async_lock(0s, handler); }), Errc::timed_out);
  EXPECT_EQ(leftovers(), before);
}

TEST_F(Lifetime, the_end_of_an_object_gives_its_lock_back) {
  {
    AsyncLock object = make();
    ASSERT_FALSE(lock(object));
    EXPECT_FALSE(leftovers().empty());
  }
  pool.join();
  EXPECT_TRUE(is_free());
  EXPECT_EQ(leftovers(), std::vector<std::string>());
}

TEST_F(Lifetime, the_end_of_an_object_aborts_its_operation_and_gives_back_what_it_got) {
  std::deque<StepGate> gates;  // one for each, because the end of the one before goes on meanwhile
  for (int step : {1, 5, 12}) {
    SCOPED_TRACE(step);
    path = directory / ("job" + std::to_string(step) + ".lock");
    LockOptions with = options();
    with.on_trace = gates.emplace_back().hook();
    gates.back().stop_at(step);
    std::optional<AsyncLock> object(make(with));
    std::optional<error_code> result;
    object->async_lock([&](error_code error) { result = error; });
    gates.back().wait_until_reached();
    object.reset();
    run();
    EXPECT_EQ(result, asio::error::operation_aborted);
    gates.back().open();
  }
  pool.join();
  EXPECT_EQ(leftovers(), std::vector<std::string>());
  for (int step : {1, 5, 12}) {
    path = directory / ("job" + std::to_string(step) + ".lock");
    EXPECT_TRUE(is_free());
  }
}

TEST_F(Lifetime, a_lock_that_is_moved_takes_its_operation_along) {
  AsyncLock first = make();
  std::optional<error_code> result;
  first.async_lock([&](error_code error) { result = error; });
  AsyncLock second = std::move(first);
  run();
  EXPECT_EQ(result, error_code());
  EXPECT_TRUE(second.may_act());
  second = AsyncLock(context, directory / "other.lock", options(), pool.get_executor());
  pool.join();
  EXPECT_TRUE(is_free());
}

TEST_F(Lifetime, a_context_that_goes_first_takes_handlers_along_and_what_they_own) {
  auto own_context = std::make_unique<asio::io_context>(1);
  const auto story = [&]() -> asio::awaitable<void> {
    AsyncLock object(*own_context, path, gated(), pool.get_executor());
    gate.stop_at(6);
    co_await object.async_lock(asio::use_awaitable);
    ADD_FAILURE() << "went on without its context";
  };
  asio::co_spawn(*own_context, story, asio::detached);
  own_context->poll();
  gate.wait_until_reached();
  own_context.reset();
  gate.open();
  pool.join();
  EXPECT_TRUE(is_free());
  EXPECT_EQ(leftovers(), std::vector<std::string>());
}

TEST_F(Lifetime, the_context_has_work_while_an_operation_is_outstanding) {
  AsyncLock object = make();
  int called = 0;
  asio::io_context other(1);
  object.async_lock(asio::bind_executor(other, [&](error_code error) {
    EXPECT_FALSE(error);
    ++called;
  }));
  // Both are needed: the lock's to post from, the handler's own to run it.
  std::thread runner([&] { context.run(); });
  other.run();
  runner.join();
  EXPECT_EQ(called, 1);
}

/// Counts what is allocated through any copy of it.
template <class T>
struct CountingAllocator {
  using value_type = T;
  explicit CountingAllocator(int& count_in) : count(&count_in) {}
  template <class U>
  CountingAllocator(const CountingAllocator<U>& other) : count(other.count) {}
  T* allocate(std::size_t size) {
    ++*count;
    return std::allocator<T>().allocate(size);
  }
  void deallocate(T* memory, std::size_t size) { std::allocator<T>().deallocate(memory, size); }
  friend bool operator==(const CountingAllocator&, const CountingAllocator&) = default;
  int* count;
};

TEST_F(Lifetime, the_handler_runs_on_its_strand_and_lives_in_its_allocator) {
  AsyncLock object = make();
  const auto strand = asio::make_strand(context);
  int allocations = 0;
  bool on_strand = false;
  const auto handler = [&](error_code) { on_strand = strand.running_in_this_thread(); };
  object.async_lock(asio::bind_allocator(CountingAllocator<void*>(allocations), asio::bind_executor(strand, handler)));
  run();
  EXPECT_TRUE(on_strand);
  EXPECT_GT(allocations, 0);
}

}  // namespace
}  // namespace leaselock::testing
