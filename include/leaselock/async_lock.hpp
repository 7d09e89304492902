#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/filesystem/path.hpp>
#include <boost/system/error_code.hpp>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "leaselock/error.hpp"
#include "leaselock/export.hpp"
#include "leaselock/holder.hpp"
#include "leaselock/lease_time.hpp"
#include "leaselock/options.hpp"

namespace leaselock {

class AsyncState;
class AsyncKeepAliveInitiation;
namespace protocol {
struct Purpose;
}

/// The lock of lock.hpp for programs on Boost.Asio: the same protocol and the same files, so both exclude each other.
/// No thread waits for anything: file-system calls, which may block for minutes, are made on a pool of threads
/// (async_pool.hpp), and whoever waits for the lock is a timer. Link leaselock::asio. Read docs/async.md.
///
/// Completion tokens: all of Boost.Asio's. The handler's signature is void(boost::system::error_code), for
/// async_try_lock() void(boost::system::error_code, bool). It runs on its associated executor, or on the lock's, and
/// never before the function that starts the operation has returned. Its associated allocator is used for keeping it.
///
/// Errors: those of Lock, and boost::asio::error::operation_aborted (cancelled, or the object was destroyed) and
/// already_started (an operation of this object is still outstanding: nothing was done). Compare them with Errc and
/// std::errc as they are. use_awaitable and use_future throw boost::system::system_error; raise() turns a code into
/// the exception that Lock throws, with the path and the holder in its text.
///
/// One operation at a time for each object. An operation is outstanding until its handler is posted. What one that was
/// cancelled with terminal left to do goes before the next.
///
/// Cancellation, by the handler's associated cancellation slot. When a request names several types the strongest
/// promise is kept: total, then partial, then terminal.
///   async_lock, async_try_lock
///     total, partial: it stops waiting; a file-system call that is under way is waited for, and whatever it achieved
///       is taken back. Completes with operation_aborted when nothing of it is left behind.
///     terminal: the same, but it completes at once and the rest is done in the background. This is what a coroutine
///       sends unless it was told otherwise, and what keeps a deadline although the server hangs.
///   async_refresh
///     total, partial: has an effect only before it got a thread of the pool; nothing was sent then.
///     terminal: completes at once; the request may still be executed. may_act() tells of its success later.
///   async_unlock
///     total, partial: no effect, because a lock that is being given back must be given back.
///     terminal: completes at once; the lock is given back in the background.
/// A cancellation that comes too late changes nothing: the operation completes as if it had not been asked for.
///
/// Destruction with an operation outstanding is safe: it completes with operation_aborted. A held lock, or one that is
/// granted after its object is gone, is given back in the background; thread_pool::join() waits for that.
///
/// Lifetime: the executor's context and the pool must outlive the object. If the context goes first, outstanding
/// handlers are destroyed uncalled, as Asio does.
/// Thread safety: distinct objects are independent. One object must not be used by two threads at once, except
/// may_act(), remaining() and fencing_token(), which are safe at any time; use a strand where the context has several
/// threads.
/// Blocking: nothing here does file-system calls or waits for one.
/// Fork: not supported, as in Asio. In a child the object holds nothing and must only be destroyed, which does nothing.
class LEASELOCK_API AsyncLock {
 public:
  using executor_type = boost::asio::any_io_executor;

  /// executor: for handlers that have none of their own. lockfile and options: as for Lock; it is opened at the first
  /// operation. pool: where file-system calls are made; async_pool() when it is empty.
  /// LockOptions::fast_path is taken for `off`: standing in line at the gate costs a thread for each waiter. stop and
  /// on_wait must be empty, cancellation slots take their place; on_trace and on_event are called from the pool's
  /// threads.
  /// Throws: LockError (Errc::invalid_options).
  AsyncLock(executor_type executor, const boost::filesystem::path& lockfile, const LockOptions& options = {},
            const executor_type& pool = {});
  template <std::derived_from<boost::asio::execution_context> Context>
  AsyncLock(Context& context, const boost::filesystem::path& lockfile, const LockOptions& options = {},
            const executor_type& pool = {})
      : AsyncLock(context.get_executor(), lockfile, options, pool) {}
  ~AsyncLock();
  AsyncLock(AsyncLock&& other) noexcept;
  AsyncLock& operator=(AsyncLock&& other) noexcept;

  executor_type get_executor() const;

  /// Waits until the lock is ours; the timeout is LockOptions::timeout, or the one given. It counts from the call and
  /// ends the waiting, not a file-system call. When it completes at least a quarter of the lifetime was left.
  /// Errors: as Lock::lock(). After an error nothing is held, and neither claim nor ticket is left; a request whose
  /// outcome stayed unknown ends by itself with its lease.
  template <class Token>
  auto async_lock(Token&& token) {
    return initiate<void(boost::system::error_code)>(Request{Action::lock, {}}, token);
  }
  template <class Token>
  auto async_lock(Duration timeout, Token&& token) {
    return initiate<void(boost::system::error_code)>(Request{Action::lock, timeout}, token);
  }

  /// One full attempt; false when somebody else holds the lock. Errors: as async_lock(), but not Errc::timed_out.
  template <class Token>
  auto async_try_lock(Token&& token) {
    return initiate<void(boost::system::error_code, bool)>(Request{Action::lock, Duration::zero()}, token);
  }

  /// Extends the lease to a full lifetime; with an argument, sets the lifetime first. Errors: as Lock::refresh().
  template <class Token>
  auto async_refresh(Token&& token) {
    return initiate<void(boost::system::error_code)>(Request{Action::refresh, {}}, token);
  }
  template <class Token>
  auto async_refresh(Duration lifetime, Token&& token) {
    return initiate<void(boost::system::error_code)>(Request{Action::refresh, lifetime}, token);
  }

  /// Gives the lock back; may_act() is false from the call on. Errors: as Lock::unlock().
  template <class Token>
  auto async_unlock(Token&& token) {
    return initiate<void(boost::system::error_code)>(Request{Action::unlock, {}}, token);
  }

  /// As the functions of Lock. No I/O, any thread.
  bool may_act() const noexcept { return remaining() > Duration::zero(); }
  Duration remaining() const noexcept;
  std::optional<FencingToken> fencing_token() const noexcept;

  boost::filesystem::path lockfile() const;

  /// Throws what the blocking function would have thrown for this code: LockError or the class that error.hpp names for
  /// it, with the path, the holder who was last seen, and what to do next. Not while an operation is outstanding.
  [[noreturn]] void raise(std::error_code error) const;

 private:
  enum class Action : std::uint8_t { lock, refresh, unlock, upgrade, downgrade };
  struct Request {
    Action action;
    std::optional<Duration> length;  ///< timeout or lifetime
    std::uint32_t slots = 1;         ///< of a semaphore
    bool shared = false;             ///< as a reader
  };
  friend class AsyncState;
  friend class AsyncSemaphore;
  friend class AsyncSharedLock;
  friend class AsyncKeepAliveInitiation;  // async_keep_alive.hpp

  AsyncLock(executor_type executor, const boost::filesystem::path& lockfile, const LockOptions& options,
            const executor_type& pool, const protocol::Purpose& purpose);

  using Handler = boost::asio::any_completion_handler<void(boost::system::error_code)>;
  using TryHandler = boost::asio::any_completion_handler<void(boost::system::error_code, bool)>;
  static void start(AsyncState& state, Request request, Handler handler);
  static void start(AsyncState& state, Request request, TryHandler handler);

  /// A function object that keeps the state alive, because deferred operations may be started after the object's end.
  template <class Signature>
  struct Initiation {
    std::shared_ptr<AsyncState> state;
    template <class ConcreteHandler>
    void operator()(ConcreteHandler&& handler, Request request) const {
      using Erased = boost::asio::any_completion_handler<Signature>;
      start(*state, request, Erased(std::forward<ConcreteHandler>(handler)));
    }
  };
  template <class Signature, class Token>
  auto initiate(Request request, Token& token) {
    return boost::asio::async_initiate<Token, Signature>(Initiation<Signature>{state_}, token, request);
  }

  void abandon() noexcept;

  std::shared_ptr<AsyncState> state_;  ///< null when it was moved from
};

}  // namespace leaselock
