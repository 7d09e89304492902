#pragma once

#include <cstdint>

#include "leaselock/async_lock.hpp"
#include "leaselock/export.hpp"

namespace leaselock {

/// The semaphore of semaphore.hpp for programs on Boost.Asio. Everything that is said of AsyncLock holds: completion
/// tokens, errors, cancellation, destruction, threads. async_keep_alive() takes one.
class LEASELOCK_API AsyncSemaphore {
 public:
  using executor_type = AsyncLock::executor_type;

  /// As AsyncLock and Semaphore. Throws: LockError (Errc::invalid_options).
  AsyncSemaphore(executor_type executor, const boost::filesystem::path& lockfile, std::uint32_t slots,
                 const LockOptions& options = {}, const executor_type& pool = {});
  template <std::derived_from<boost::asio::execution_context> Context>
  AsyncSemaphore(Context& context, const boost::filesystem::path& lockfile, std::uint32_t slots,
                 const LockOptions& options = {}, const executor_type& pool = {})
      : AsyncSemaphore(context.get_executor(), lockfile, slots, options, pool) {}

  executor_type get_executor() const { return lock_.get_executor(); }

  /// Waits for a slot, or for `count` of them: all or none. void(boost::system::error_code). Errors: as
  /// Semaphore::acquire().
  template <class Token>
  auto async_acquire(std::uint32_t count, Token&& token) {
    return lock_.initiate<void(boost::system::error_code)>(request(count, {}), token);
  }
  template <class Token>
  auto async_acquire(std::uint32_t count, Duration timeout, Token&& token) {
    return lock_.initiate<void(boost::system::error_code)>(request(count, timeout), token);
  }
  /// One full attempt; false when there are not enough slots. void(boost::system::error_code, bool).
  template <class Token>
  auto async_try_acquire(std::uint32_t count, Token&& token) {
    return lock_.initiate<void(boost::system::error_code, bool)>(request(count, Duration::zero()), token);
  }
  template <class Token>
  auto async_refresh(Token&& token) {
    return lock_.async_refresh(std::forward<Token>(token));
  }
  /// Gives back everything that is held.
  template <class Token>
  auto async_release(Token&& token) {
    return lock_.async_unlock(std::forward<Token>(token));
  }

  /// As the functions of Semaphore. No I/O, any thread.
  bool may_act() const noexcept { return lock_.may_act(); }
  Duration remaining() const noexcept { return lock_.remaining(); }
  std::optional<FencingToken> fencing_token() const noexcept { return lock_.fencing_token(); }

  boost::filesystem::path lockfile() const { return lock_.lockfile(); }
  std::uint32_t slots() const noexcept { return slots_; }
  [[noreturn]] void raise(std::error_code error) const { lock_.raise(error); }

 private:
  friend class AsyncKeepAliveInitiation;
  static AsyncLock::Request request(std::uint32_t count, std::optional<Duration> timeout) {
    return {AsyncLock::Action::lock, timeout, count};
  }

  AsyncLock lock_;
  std::uint32_t slots_;
};

}  // namespace leaselock
