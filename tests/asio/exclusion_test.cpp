#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>
#include <memory>
#include <thread>
#include <vector>

#include "fixture.hpp"
#include "support/child.hpp"

/// One holder at a time, whoever the others are: objects of one context, of many threads, of other processes.
namespace leaselock::testing {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class Exclusion : public AsyncTest {};

TEST_F(Exclusion, holds_against_the_blocking_lock_both_ways) {
  Lock blocking(path, options());
  AsyncLock object = make();
  blocking.lock();
  std::optional<error_code> result;
  object.async_lock([&](error_code error) { result = error; });
  context.poll();
  EXPECT_FALSE(result.has_value());
  blocking.unlock();
  run();
  EXPECT_EQ(result, error_code());
  EXPECT_FALSE(blocking.try_lock());
  EXPECT_FALSE(unlock(object));
  EXPECT_TRUE(blocking.try_lock());
}

TEST_F(Exclusion, an_expired_hold_is_broken_and_its_owner_told) {
  LockOptions with = options();
  with.lifetime = 100ms;
  AsyncLock first = make(with);
  AsyncLock second = make();
  ASSERT_FALSE(lock(first));
  EXPECT_FALSE(lock(second));
  EXPECT_FALSE(first.may_act());
  EXPECT_EQ(refresh(first), Errc::lease_lost);
  EXPECT_EQ(unlock(first), Errc::lease_lost);
  EXPECT_TRUE(second.may_act());
}

TEST_F(Exclusion, many_locks_live_on_one_thread) {
  constexpr std::size_t many = 200;
  std::list<AsyncLock> locks;
  const auto me = std::this_thread::get_id();
  std::size_t done = 0;
  const auto count = [&](error_code error) {
    EXPECT_FALSE(error);
    EXPECT_EQ(std::this_thread::get_id(), me);
    ++done;
  };
  for (std::size_t i = 0; i < many; ++i) {
    locks.emplace_back(context, directory / std::to_string(i), options(), pool.get_executor());
    locks.back().async_lock(count);
  }
  run();
  for (AsyncLock& object : locks) {
    EXPECT_TRUE(object.may_act());
    object.async_refresh(count);
  }
  run();
  for (AsyncLock& object : locks) object.async_unlock(count);
  run();
  EXPECT_EQ(done, 3 * many);
  locks.clear();
  pool.join();
  EXPECT_EQ(leftovers(), std::vector<std::string>());
}

/// Contenders of one path, each a coroutine on a strand of its own.
TEST_F(Exclusion, holds_among_coroutines_on_several_threads) {
  constexpr int contenders = 6;
  constexpr int rounds = 5;
  std::atomic<int> inside = 0;
  std::atomic<int> holds = 0;
  std::atomic<FencingToken> newest = 0;
  const auto contend = [&](AsyncLock& object) -> asio::awaitable<void> {
    for (int i = 0; i < rounds; ++i) {
      co_await object.async_lock(asio::use_awaitable);
      EXPECT_EQ(++inside, 1);
      const FencingToken token = object.fencing_token().value_or(0);
      EXPECT_LT(newest.exchange(token), token);
      co_await object.async_refresh(asio::use_awaitable);
      EXPECT_EQ(--inside, 0);
      ++holds;
      co_await object.async_unlock(asio::use_awaitable);
    }
  };
  std::list<AsyncLock> locks;
  for (int i = 0; i < contenders; ++i) {
    const auto strand = asio::make_strand(context);
    locks.emplace_back(strand, path, options(), pool.get_executor());
    asio::co_spawn(strand, contend(locks.back()), asio::detached);
  }
  std::atomic<bool> looking = true;
  std::thread looker([&] {
    while (looking) {
      for (const AsyncLock& object : locks) {
        EXPECT_LE(object.remaining(), options().lifetime);
        EXPECT_NE(object.fencing_token(), FencingToken(0));
      }
      std::this_thread::yield();
    }
  });
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([&] { context.run(); });
  for (std::thread& thread : threads) thread.join();
  looking = false;
  looker.join();
  EXPECT_EQ(holds, contenders * rounds);
}

/// Makes a file that must not be there, and takes it away again.
void act(const boost::filesystem::path& mark) {
  const int file = ::open(mark.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (file < 0) throw std::runtime_error("somebody else is inside");
  ::close(file);
  ::unlink(mark.c_str());
}

void contend_async(const boost::filesystem::path& path, const boost::filesystem::path& mark, int rounds) {
  asio::io_context context(1);
  AsyncLock object(context, path);
  const auto contend = [&]() -> asio::awaitable<void> {
    for (int i = 0; i < rounds; ++i) {
      co_await object.async_lock(asio::use_awaitable);
      act(mark);
      co_await object.async_unlock(asio::use_awaitable);
    }
  };
  std::exception_ptr failure;
  asio::co_spawn(context, contend, [&](std::exception_ptr error) { failure = error; });
  context.run();
  if (failure) std::rethrow_exception(failure);
}

// No fixture: the processes are forked while there is one thread.
TEST(ExclusionOfProcesses, holds_between_asynchronous_and_blocking_ones) {
  const TemporaryDirectory directory;
  const auto path = directory / "job.lock";
  const auto mark = directory / "inside";
  constexpr int rounds = 30;
  std::vector<Child> children = run_many(4, [&](int number, Channel&) {
    if (number % 2 == 0) return contend_async(path, mark, rounds);
    Lock object(path);
    for (int i = 0; i < rounds; ++i) {
      object.lock();
      act(mark);
      object.unlock();
    }
  });
  for (Child& child : children) EXPECT_EQ(child.wait(), 0);
}

TEST_F(Exclusion, a_forked_child_holds_nothing_and_gives_nothing_back) {
  auto object = std::make_unique<AsyncLock>(make());
  ASSERT_FALSE(lock(*object));
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const bool holds = object->may_act() || object->fencing_token().has_value();
    object.reset();
    ::_exit(holds ? 1 : 0);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(refresh(*object));
}

}  // namespace
}  // namespace leaselock::testing
