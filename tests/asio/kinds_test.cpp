#include "fixture.hpp"
#include "leaselock/async_keep_alive.hpp"
#include "leaselock/async_semaphore.hpp"
#include "leaselock/async_shared_lock.hpp"

/// Semaphores and shared locks on Asio: the same protocol, so what matters here is that each request arrives.
namespace leaselock::testing {
namespace {

class AsyncKinds : public AsyncTest {
 protected:
  AsyncSemaphore semaphore(std::uint32_t slots) { return {context, path, slots, options(), pool.get_executor()}; }
  AsyncSharedLock shared_lock() { return AsyncSharedLock(context, path, options(), pool.get_executor()); }

  template <class Operation>
  bool success_of(Operation operation) {
    bool success = false;
    operation([&](error_code error, bool yes) {
      EXPECT_FALSE(error) << error.message();
      success = yes;
    });
    run();
    return success;
  }
};

TEST_F(AsyncKinds, a_semaphore_gives_each_holder_a_slot) {
  AsyncSemaphore first = semaphore(3);
  AsyncSemaphore second = semaphore(3);
  EXPECT_FALSE(result_of([&](auto handler) { first.async_acquire(2, handler); }));
  EXPECT_FALSE(success_of([&](auto handler) { second.async_try_acquire(2, handler); }));
  EXPECT_TRUE(success_of([&](auto handler) { second.async_try_acquire(1, handler); }));
  EXPECT_FALSE(result_of([&](auto handler) { first.async_refresh(handler); }));
  EXPECT_FALSE(result_of([&](auto handler) { first.async_release(handler); }));
  EXPECT_FALSE(first.may_act());
  EXPECT_TRUE(second.may_act());
  EXPECT_EQ(result_of([&](auto handler) { first.async_acquire(4, handler); }), std::error_code(Errc::invalid_options));
}

TEST_F(AsyncKinds, a_shared_lock_has_readers_or_a_writer) {
  AsyncSharedLock reader = shared_lock();
  AsyncSharedLock other = shared_lock();
  EXPECT_FALSE(result_of([&](auto handler) { reader.async_lock_shared(handler); }));
  EXPECT_TRUE(success_of([&](auto handler) { other.async_try_lock_shared(handler); }));
  EXPECT_FALSE(success_of([&](auto handler) { reader.async_try_upgrade(handler); }));
  EXPECT_FALSE(result_of([&](auto handler) { other.async_unlock(handler); }));
  EXPECT_TRUE(success_of([&](auto handler) { reader.async_try_upgrade(handler); }));
  EXPECT_FALSE(success_of([&](auto handler) { other.async_try_lock_shared(handler); }));
  EXPECT_FALSE(result_of([&](auto handler) { reader.async_downgrade(handler); }));
  EXPECT_TRUE(success_of([&](auto handler) { other.async_try_lock_shared(handler); }));
  AsyncSharedLock writer = shared_lock();
  EXPECT_FALSE(success_of([&](auto handler) { writer.async_try_lock(handler); }));
}

TEST_F(AsyncKinds, are_kept_alive_until_they_are_given_back) {
  AsyncSemaphore slot = semaphore(2);
  EXPECT_FALSE(result_of([&](auto handler) { slot.async_acquire(1, handler); }));
  std::optional<error_code> kept;
  async_keep_alive(slot, {}, [&](error_code error) { kept = error; });
  EXPECT_FALSE(result_of([&](auto handler) { slot.async_release(handler); }));
  EXPECT_EQ(kept, error_code(boost::asio::error::operation_aborted));
}

}  // namespace
}  // namespace leaselock::testing
