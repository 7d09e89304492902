#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <utility>

#include "leaselock/async_lock.hpp"
#include "leaselock/async_semaphore.hpp"
#include "leaselock/async_shared_lock.hpp"
#include "leaselock/export.hpp"
#include "leaselock/keep_alive_options.hpp"

namespace leaselock {

/// The function object that begins async_keep_alive(). Keeps the lock's inside alive, because a deferred operation may
/// be started after the object's end.
class LEASELOCK_API AsyncKeepAliveInitiation {
 public:
  explicit AsyncKeepAliveInitiation(const AsyncLock& lock) : lock_(lock.state_) {}
  explicit AsyncKeepAliveInitiation(const AsyncSemaphore& semaphore) : lock_(semaphore.lock_.state_) {}
  explicit AsyncKeepAliveInitiation(const AsyncSharedLock& lock) : lock_(lock.lock_.state_) {}

  template <class ConcreteHandler>
  void operator()(ConcreteHandler&& handler, KeepAliveOptions options, boost::asio::cancellation_signal* stop) const {
    start(lock_, std::move(options), stop, Handler(std::forward<ConcreteHandler>(handler)));
  }

 private:
  using Handler = boost::asio::any_completion_handler<void(boost::system::error_code)>;
  static void start(const std::shared_ptr<AsyncState>& lock, KeepAliveOptions options,
                    boost::asio::cancellation_signal* stop, Handler handler);

  std::shared_ptr<AsyncState> lock_;
};

/// Keeps an AsyncLock, AsyncSemaphore or AsyncSharedLock that is held alive until it is cancelled, unlocked or lost:
/// KeepAlive (keep_alive.hpp) without threads of its own, with the same judgement. It costs some hundred bytes and a
/// timer, so there may be thousands.
///
///   lock.async_lock(...);
///   async_keep_alive(lock, {}, stop_work, [](error_code error) { ... });
///   async_work(..., bind_cancellation_slot(stop_work.slot(), ...));
///   lock.async_unlock(...);   // also ends the keeping
///
/// stop: emitted once, with cancellation_type::all, when the lease becomes doubtful, or lost
/// (KeepAliveOptions::stop_at);
///   never before, and never when the keeping ends otherwise. Must outlive the operation. The keeping goes on, so that
///   the work can stop under the lock's protection.
/// on_change and stop are called in the lock's executor, so what they cancel should run there too.
///
/// Completes, with the signature void(boost::system::error_code), with
///   Errc::lease_lost, Errc::not_locked: the answer to a refresh said so, or there was none in time
///   asio::error::operation_aborted: it was cancelled, async_unlock() was called, or the lock object was destroyed
///   asio::error::already_started: the lock is being kept alive already
///   Errc::invalid_options: see KeepAliveOptions
/// Never with success. Executor and allocator: as for the operations of AsyncLock.
/// While it runs no other operation of the lock may be begun but async_unlock(), which ends it.
/// Cancellation: each type ends it at once. A refresh that is under way may still be executed; the lock's next
/// operation waits for it. The lock stays held. A refresh that hangs keeps a thread of the lock's pool, and judging
/// needs none.
template <class Kept, class Token>
auto async_keep_alive(Kept& lock, KeepAliveOptions options, Token&& token) {
  return boost::asio::async_initiate<Token, void(boost::system::error_code)>(
      AsyncKeepAliveInitiation(lock), token, std::move(options),
      static_cast<boost::asio::cancellation_signal*>(nullptr));
}
template <class Kept, class Token>
auto async_keep_alive(Kept& lock, KeepAliveOptions options, boost::asio::cancellation_signal& stop, Token&& token) {
  return boost::asio::async_initiate<Token, void(boost::system::error_code)>(AsyncKeepAliveInitiation(lock), token,
                                                                             std::move(options), &stop);
}

}  // namespace leaselock
