#pragma once

#include "leaselock/async_lock.hpp"
#include "leaselock/export.hpp"

namespace leaselock {

/// The shared lock of shared_lock.hpp for programs on Boost.Asio. Everything that is said of AsyncLock holds:
/// completion tokens, errors, cancellation, destruction, threads. async_keep_alive() takes one.
class LEASELOCK_API AsyncSharedLock {
 public:
  using executor_type = AsyncLock::executor_type;

  /// As AsyncLock and SharedLock. Throws: LockError (Errc::invalid_options).
  explicit AsyncSharedLock(executor_type executor, const boost::filesystem::path& lockfile,
                           const LockOptions& options = {}, const executor_type& pool = {});
  template <std::derived_from<boost::asio::execution_context> Context>
  AsyncSharedLock(Context& context, const boost::filesystem::path& lockfile, const LockOptions& options = {},
                  const executor_type& pool = {})
      : AsyncSharedLock(context.get_executor(), lockfile, options, pool) {}

  executor_type get_executor() const { return lock_.get_executor(); }

  /// For a writer: alone. void(boost::system::error_code); async_try_lock() void(boost::system::error_code, bool).
  template <class Token>
  auto async_lock(Token&& token) {
    return lock_.async_lock(std::forward<Token>(token));
  }
  template <class Token>
  auto async_lock(Duration timeout, Token&& token) {
    return lock_.async_lock(timeout, std::forward<Token>(token));
  }
  template <class Token>
  auto async_try_lock(Token&& token) {
    return lock_.async_try_lock(std::forward<Token>(token));
  }
  /// For a reader: beside other readers. Signatures as above.
  template <class Token>
  auto async_lock_shared(Token&& token) {
    return lock_.initiate<void(boost::system::error_code)>(reader({}), token);
  }
  template <class Token>
  auto async_lock_shared(Duration timeout, Token&& token) {
    return lock_.initiate<void(boost::system::error_code)>(reader(timeout), token);
  }
  template <class Token>
  auto async_try_lock_shared(Token&& token) {
    return lock_.initiate<void(boost::system::error_code, bool)>(reader(Duration::zero()), token);
  }
  /// As SharedLock::try_upgrade(): void(boost::system::error_code, bool).
  template <class Token>
  auto async_try_upgrade(Token&& token) {
    return lock_.initiate<void(boost::system::error_code, bool)>({AsyncLock::Action::upgrade, {}}, token);
  }
  /// As SharedLock::downgrade(): void(boost::system::error_code).
  template <class Token>
  auto async_downgrade(Token&& token) {
    return lock_.initiate<void(boost::system::error_code)>({AsyncLock::Action::downgrade, {}}, token);
  }
  template <class Token>
  auto async_refresh(Token&& token) {
    return lock_.async_refresh(std::forward<Token>(token));
  }
  /// Gives it back, whichever way it is held.
  template <class Token>
  auto async_unlock(Token&& token) {
    return lock_.async_unlock(std::forward<Token>(token));
  }

  /// As the functions of SharedLock. No I/O, any thread.
  bool may_act() const noexcept { return lock_.may_act(); }
  Duration remaining() const noexcept { return lock_.remaining(); }
  std::optional<FencingToken> fencing_token() const noexcept { return lock_.fencing_token(); }

  boost::filesystem::path lockfile() const { return lock_.lockfile(); }
  [[noreturn]] void raise(std::error_code error) const { lock_.raise(error); }

 private:
  friend class AsyncKeepAliveInitiation;
  static AsyncLock::Request reader(std::optional<Duration> timeout) {
    return {AsyncLock::Action::lock, timeout, 1, true};
  }

  AsyncLock lock_;
};

}  // namespace leaselock
