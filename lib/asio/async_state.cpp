#include "asio/async_state.hpp"

#include <algorithm>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/query.hpp>
#include <utility>

#include "asio/keeper.hpp"
#include "asio/kept_by_context.hpp"
#include "asio/pool_queue.hpp"
#include "failure.hpp"
#include "leaselock/async_pool.hpp"
#include "new_session.hpp"
#include "settings_from.hpp"

namespace leaselock {
namespace {

namespace asio = boost::asio;

LockOptions checked(const boost::filesystem::path& lockfile, LockOptions options) {
  if (options.stop.stop_possible() || options.on_wait) {
    throw LockError(Errc::invalid_options, lockfile,
                    "stop and on_wait are not for AsyncLock: bind a cancellation slot");
  }
  if (options.fast_path == FastPath::required) {
    throw LockError(Errc::invalid_options, lockfile,
                    "the fast path needs a thread for each waiter; AsyncLock has none");
  }
  options.fast_path = FastPath::off;
  return options;
}

}  // namespace

AsyncState::AsyncState(asio::any_io_executor executor, const boost::filesystem::path& lockfile,
                       const LockOptions& options, const asio::any_io_executor& pool, const protocol::Purpose& purpose)
    : environment_(ports::native_environment()),
      executor_(std::move(executor)),
      own_pool_(pool ? std::make_unique<const asio::any_io_executor>(pool) : nullptr),
      timeout_(options.timeout),
      on_trace_(options.on_trace ? std::make_unique<Trace>(options.on_trace) : nullptr),
      reporter_(Reporter::make(lockfile, options, environment_)),
      handlers_(KeptByContext<WaitingHandlers>::of(asio::query(executor_, asio::execution::context))),
      files_(environment_.make_file_system(lockfile.parent_path().string())),
      generation_(environment_.host.fork_generation()),
      lifetime_(options.lifetime),
      session_(new_session(lockfile, checked(lockfile, options), purpose, environment_)) {}

asio::any_io_executor AsyncState::pool() const { return own_pool_ ? *own_pool_ : async_pool().get_executor(); }

boost::filesystem::path AsyncState::lockfile() const {
  const std::lock_guard guard(mutex_);
  const bool runs = !jobs_.empty() && jobs_.front().engine;
  return (runs ? jobs_.front().engine->session() : session_).settings.lock_path;
}

Duration AsyncState::lifetime() const {
  const std::lock_guard guard(mutex_);
  return lifetime_;
}

boost::system::error_code AsyncState::keep(const std::shared_ptr<Keeper>& keeper) {
  std::shared_ptr<Keeper> before;  // destroyed without the mutex
  const std::lock_guard guard(mutex_);
  if (abandoned_) return asio::error::operation_aborted;
  before = keeper_.lock();
  if ((before && !before->has_ended()) || is_busy()) return asio::error::already_started;
  keeper_ = keeper;
  return {};
}

void AsyncState::end_keeping() {
  std::unique_lock guard(mutex_);
  const auto keeper = keeper_.lock();
  guard.unlock();
  if (keeper) keeper->end(asio::error::operation_aborted);
}

WaitingHandlers::Number AsyncState::refresh(WaitingHandler::Plain handler) {
  return start({AsyncLock::Action::refresh, {}}, std::move(handler));
}

WaitingHandlers::Number AsyncState::start(AsyncLock::Request request, WaitingHandler::Any handler) {
  if (request.action == AsyncLock::Action::unlock) end_keeping();
  auto slot = std::visit([](auto& one) { return asio::get_associated_cancellation_slot(one); }, handler);
  Job job;
  switch (request.action) {
    case AsyncLock::Action::lock:
      job.kind = Job::Kind::acquire;
      job.called = environment_.clock.now();
      job.give_up_at = give_up_at(job.called, request.length ? request.length : timeout_);
      job.slots = request.slots;
      job.shared = request.shared;
      break;
    case AsyncLock::Action::refresh:
      job.kind = Job::Kind::refresh;
      job.lifetime = request.length;
      break;
    case AsyncLock::Action::unlock:
      job.kind = Job::Kind::release;
      break;
    case AsyncLock::Action::upgrade:
      job.kind = Job::Kind::upgrade;
      break;
    case AsyncLock::Action::downgrade:
      job.kind = Job::Kind::downgrade;
      break;
  }
  const auto number = job.handler = handlers_->add(WaitingHandler(std::move(handler), executor_));
  const std::lock_guard guard(mutex_);
  if (const auto error = why_not(request)) {
    answer(job, error);
    return number;
  }
  if (job.kind == Job::Kind::release) published_.withdraw();
  if (slot.is_connected()) {
    slot.assign([weak = weak_from_this(), number](asio::cancellation_type type) {
      if (const auto self = weak.lock()) self->cancel(number, type);
    });
  }
  enqueue(std::move(job));
  return number;
}

boost::system::error_code AsyncState::why_not(const AsyncLock::Request& request) const {
  if (abandoned_) return asio::error::operation_aborted;
  if (is_busy()) return asio::error::already_started;
  const bool refreshes = request.action == AsyncLock::Action::refresh;
  if (refreshes && request.length && !why_not_lifetime(*request.length).empty()) {
    return make_error_code(Errc::invalid_options);
  }
  return {};
}

void AsyncState::cancel(WaitingHandlers::Number handler, asio::cancellation_type type) {
  const std::lock_guard guard(mutex_);
  const auto found = std::ranges::find_if(jobs_, [&](const Job& job) { return job.handler == handler; });
  if (found == jobs_.end()) return;
  Job& job = *found;
  using asio::cancellation_type;
  const bool careful = (type & (cancellation_type::total | cancellation_type::partial)) != cancellation_type::none;
  const bool at_once = !careful && (type & cancellation_type::terminal) != cancellation_type::none;
  const bool untouched = !job.started && job.kind != Job::Kind::release;
  if (!careful && !at_once) return;
  if (job.kind == Job::Kind::acquire || untouched) give_up(job);
  if (at_once || untouched) answer(job, asio::error::operation_aborted);
  // Whoever tries again and again while the pool hangs shall not pile up what is not to be done.
  if (untouched && found != jobs_.begin()) jobs_.erase(found);
}

void AsyncState::give_up(Job& job) {
  job.cancelled = true;
  if (job.timer) job.timer->cancel();
}

void AsyncState::answer(Job& job, boost::system::error_code error) {
  handlers_->complete(std::exchange(job.handler, 0), error);
}

void AsyncState::enqueue(Job job) {
  jobs_.push_back(std::move(job));
  if (jobs_.size() == 1) run_soon();
}

void AsyncState::run_soon() {
  const bool urgent = jobs_.front().kind == Job::Kind::refresh;
  const asio::any_io_executor executor = pool();
  asio::execution_context& context = asio::query(executor, asio::execution::context);
  KeptByContext<PoolQueue>::of(context)->add(executor, shared_from_this(), urgent);
}

void AsyncState::abandon() {
  if (in_forked_child()) return;  // the parent's files are the parent's, and the pool's threads are not here
  end_keeping();
  const std::lock_guard guard(mutex_);
  abandoned_ = true;
  published_.withdraw();
  for (Job& job : jobs_) {
    if (job.kind == Job::Kind::acquire) give_up(job);
    answer(job, asio::error::operation_aborted);
  }
  if (!jobs_.empty() || session_.hold || session_.claim) enqueue(Job());
}

Duration AsyncState::remaining() const noexcept {
  return in_forked_child() ? Duration::zero() : published_.remaining();
}

std::optional<FencingToken> AsyncState::token() const noexcept {
  return in_forked_child() ? std::nullopt : published_.token();
}

bool AsyncState::in_forked_child() const noexcept { return generation_ != environment_.host.fork_generation(); }

void AsyncState::raise(std::error_code error) const {
  const boost::filesystem::path path = lockfile();
  const std::lock_guard guard(mutex_);
  leaselock::raise(error, path, session_);
}

}  // namespace leaselock
