#include "leaselock/async_lock.hpp"

#include "asio/async_state.hpp"

namespace leaselock {

AsyncLock::AsyncLock(executor_type executor, const boost::filesystem::path& lockfile, const LockOptions& options,
                     const executor_type& pool)
    : AsyncLock(std::move(executor), lockfile, options, pool, protocol::Purpose{}) {}
AsyncLock::AsyncLock(executor_type executor, const boost::filesystem::path& lockfile, const LockOptions& options,
                     const executor_type& pool, const protocol::Purpose& purpose)
    : state_(std::make_shared<AsyncState>(std::move(executor), lockfile, options, pool, purpose)) {}

AsyncLock::~AsyncLock() { abandon(); }

AsyncLock::AsyncLock(AsyncLock&& other) noexcept = default;

AsyncLock& AsyncLock::operator=(AsyncLock&& other) noexcept {
  if (this == &other) return *this;
  abandon();
  state_ = std::move(other.state_);
  return *this;
}

void AsyncLock::abandon() noexcept {
  if (!state_) return;
  try {
    state_->abandon();
  } catch (const std::exception&) {
    // Out of memory: the lease ends by itself.
  }
}

AsyncLock::executor_type AsyncLock::get_executor() const { return state_->executor(); }
Duration AsyncLock::remaining() const noexcept { return state_->remaining(); }
std::optional<FencingToken> AsyncLock::fencing_token() const noexcept { return state_->token(); }
boost::filesystem::path AsyncLock::lockfile() const { return state_->lockfile(); }
void AsyncLock::raise(std::error_code error) const { state_->raise(error); }

void AsyncLock::start(AsyncState& state, Request request, Handler handler) { state.start(request, std::move(handler)); }
void AsyncLock::start(AsyncState& state, Request request, TryHandler handler) {
  state.start(request, std::move(handler));
}

}  // namespace leaselock
