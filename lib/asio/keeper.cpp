#include "asio/keeper.hpp"

#include <algorithm>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/prefer.hpp>
#include <utility>

#include "keep/deadline_of.hpp"
#include "leaselock/async_keep_alive.hpp"

namespace leaselock {
namespace {

namespace asio = boost::asio;

keep::LeaseJudge first_judgement(const AsyncState& lock, const KeepAliveOptions& options) {
  const LeaseTime now = LeaseClock::now();
  return {options, lock.lifetime(), now + lock.remaining(), now};
}

boost::system::error_code why_not(const AsyncState& lock, const KeepAliveOptions& options) {
  if (keep::LeaseJudge::why_not(options, lock.lifetime()).empty()) return {};
  return make_error_code(Errc::invalid_options);
}

/// Null when the handler runs in the lock's executor.
std::unique_ptr<asio::any_completion_executor> other_executor(const WaitingHandler::Plain& handler,
                                                              const asio::any_io_executor& locks) {
  const asio::any_completion_executor usual(locks);
  const auto own = asio::get_associated_executor(handler, usual);
  if (own == usual) return nullptr;
  return std::make_unique<asio::any_completion_executor>(asio::prefer(own, asio::execution::outstanding_work.tracked));
}  // NOLINT(clang-analyzer-cplusplus.NewDeleteLeaks): does not follow Boost's reference counts

}  // namespace

void AsyncKeepAliveInitiation::start(const std::shared_ptr<AsyncState>& lock, KeepAliveOptions options,
                                     asio::cancellation_signal* stop, Handler handler) {
  const auto error = why_not(*lock, options);
  const auto keeper = std::make_shared<Keeper>(lock, std::move(options), stop, std::move(handler));
  keeper->start();
  if (error) return keeper->end(error);
  if (const auto refused = lock->keep(keeper)) keeper->end(refused);
}

Keeper::Keeper(std::shared_ptr<AsyncState> lock, KeepAliveOptions options, asio::cancellation_signal* stop,
               WaitingHandler::Plain handler)
    : lock_(std::move(lock)),
      on_change_(options.on_change ? std::make_unique<const OnChange>(std::move(options.on_change)) : nullptr),
      handler_(std::move(handler)),
      handlers_own_(other_executor(handler_, lock_->executor())),
      stop_(stop),
      judge_(first_judgement(*lock_, options)),
      timer_(lock_->executor()) {}

void Keeper::start() {
  const Guard guard(mutex_);
  if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected()) {
    slot.assign([weak = weak_from_this()](asio::cancellation_type) {
      if (const auto self = weak.lock()) self->end(asio::error::operation_aborted);
    });
  }
  wait_until(LeaseClock::now());
}

void Keeper::end(boost::system::error_code error) {
  const Guard guard(mutex_);
  if (!ended_) finish(error);
}

void Keeper::finish(boost::system::error_code error) {
  ended_ = true;
  timer_.cancel();
  // What waits for a thread of the pool is not sent any more; what was sent goes on, and the lock is free for others.
  if (refresh_ != 0) lock_->cancel(std::exchange(refresh_, 0), asio::cancellation_type::terminal);
  WaitingHandler(std::move(handler_), lock_->executor()).post(error);
  handlers_own_.reset();
}

void Keeper::on_refreshed(boost::system::error_code error) {
  {
    const Guard guard(mutex_);
    if (ended_) return;
    refresh_ = 0;
    judge_.answered(error, keep::deadline_of(*lock_), LeaseClock::now());
  }
  go_on();
}

void Keeper::go_on() {
  Guard guard(mutex_);
  LeaseTime now = LeaseClock::now();
  while (!ended_ && judge_.look(now)) {
    tell(guard, now);
    now = LeaseClock::now();
  }
  if (ended_) return;
  if (judge_.state() == LeaseState::lost) return finish(judge_.loss());
  if (now >= judge_.refresh_at()) refresh(now);
  wait_until(std::min(judge_.refresh_at(), judge_.look_at()));
}

void Keeper::tell(Guard& guard, LeaseTime now) {
  const LeaseReport report = judge_.report(now);
  auto* const stop = judge_.must_stop() ? std::exchange(stop_, nullptr) : nullptr;
  guard.unlock();
  if (stop != nullptr) stop->emit(asio::cancellation_type::all);
  if (on_change_) (*on_change_)(report);
  guard.lock();
}

void Keeper::refresh(LeaseTime now) {
  judge_.sent(now);
  refresh_ =
      lock_->refresh([self = shared_from_this()](boost::system::error_code error) { self->on_refreshed(error); });
}

void Keeper::wait_until(LeaseTime time) {
  timer_.expires_at(time);  // ends the wait that there was
  timer_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
    if (!cancelled) self->go_on();
  });
}

}  // namespace leaselock
