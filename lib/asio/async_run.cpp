#include <algorithm>
#include <boost/asio/error.hpp>
#include <utility>
#include <variant>

#include "asio/async_state.hpp"
#include "drive/perform.hpp"
#include "drive/trace.hpp"

/// The part of AsyncState that runs on the pool.
namespace leaselock {
namespace {

/// Errors of the operating system in the category that Asio's users know.
boost::system::error_code for_asio(std::error_code error) {
  if (error.category() == std::system_category()) return {error.value(), boost::system::system_category()};
  return error;
}

std::optional<protocol::Step> start_acquire(Job& job, LeaseTime now) {
  protocol::AcquireRequest request;
  request.give_up_at = job.give_up_at;
  request.slots = job.slots;
  request.shared = job.shared;
  return job.engine->start_acquire(std::move(request), now);
}

}  // namespace

void AsyncState::run() {
  Job* job = nullptr;
  {
    const std::lock_guard guard(mutex_);
    job = &jobs_.front();
  }
  std::optional<Step> step = job->engine ? wake(*job) : begin(*job);
  for (;;) {
    while (step) {
      if (!advance(*job, step)) return;
    }
    if (reporter_) report(*job);
    if (finish(*job)) return;
    const LeaseTime now = environment_.clock.now();
    step = job->phase == Job::Phase::closing ? job->engine->start_close(now) : job->engine->start_release(now);
  }
}

std::optional<protocol::Step> AsyncState::begin(Job& job) {
  const LeaseTime now = environment_.clock.now();
  {
    const std::lock_guard guard(mutex_);
    job.started = true;
    if (job.cancelled) return std::nullopt;
    job.engine = std::make_unique<protocol::Engine>();
    job.engine->session() = std::exchange(session_, {});
  }
  switch (job.kind) {
    case Job::Kind::acquire:
      if (reporter_) reporter_->begin_acquire(job.engine->session(), job.called, now);
      return start_acquire(job, now);
    case Job::Kind::refresh:
      return job.engine->start_refresh(job.lifetime, now);
    case Job::Kind::release:
      return job.engine->start_release(now);
    case Job::Kind::upgrade:
      return job.engine->start_upgrade(now);
    case Job::Kind::downgrade:
      return job.engine->start_downgrade(now);
    case Job::Kind::close:
      break;
  }
  job.phase = Job::Phase::giving_back;
  return job.engine->start_release(now);  // without a step when nothing is held
}

bool AsyncState::advance(Job& job, std::optional<Step>& step) {
  if (reporter_) reporter_->next(*step, job.engine->session(), environment_.clock.now());
  if (const auto* wait = std::get_if<protocol::step::WaitUntil>(&*step)) {
    if (sleep(job, wait->until)) return false;
    step = wake(job);
    return true;
  }
  step = resume(job, *step, drive::perform(*step, *files_, environment_));
  return true;
}

/// What would end a sleep early in a blocking lock(), a change in the directory or the end of a process, does not end
/// it here: it would take descriptors, and threads to wait at them. These are hints only; the next look shows as much.
bool AsyncState::sleep(Job& job, LeaseTime until) {
  job.asleep_since = environment_.clock.now();
  job.asleep_until = until;
  const std::lock_guard guard(mutex_);
  if (job.cancelled) return false;
  if (!job.timer) job.timer = std::make_unique<LeaseTimer>(pool());
  job.timer->expires_at(until);
  job.timer->async_wait([self = shared_from_this()](boost::system::error_code) { self->run(); });
  return true;
}

std::optional<protocol::Step> AsyncState::wake(Job& job) {
  protocol::Result result;
  result.sent = job.asleep_since;
  result.received = environment_.clock.now();
  return resume(job, protocol::step::WaitUntil{job.asleep_until}, result);
}

std::optional<protocol::Step> AsyncState::resume(Job& job, const Step& step, const protocol::Result& result) {
  if (on_trace_) (*on_trace_)(drive::trace_line(step, result));
  {
    const std::lock_guard guard(mutex_);
    if (job.cancelled) job.engine->give_up();
  }
  return job.engine->resume(result);
}

void AsyncState::report(const Job& job) {
  if (!job.engine || job.phase == Job::Phase::closing) return;
  const protocol::Session& session = job.engine->session();
  const LeaseTime now = environment_.clock.now();
  std::error_code error = job.engine->error();
  const bool working = job.phase == Job::Phase::working;
  if (working && job.kind == Job::Kind::upgrade) {
    return reporter_->end_change(EventKind::upgraded, session, error, now);
  }
  if (working && job.kind == Job::Kind::downgrade) {
    return reporter_->end_change(EventKind::downgraded, session, error, now);
  }
  if (working && job.kind == Job::Kind::refresh) return reporter_->end_refresh(session, error, now);
  if (!working || job.kind != Job::Kind::acquire) return reporter_->end_release(session, error, now);
  {
    const std::lock_guard guard(mutex_);
    if (job.cancelled && error == Errc::timed_out) error = Errc::cancelled;
  }
  reporter_->end_acquire(session, error, now);
}

bool AsyncState::finish(Job& job) {
  const std::lock_guard guard(mutex_);
  const bool unwanted = job.cancelled;
  if (job.engine) {
    const bool worked = job.phase == Job::Phase::working;
    if (worked) job.error = job.engine->error();
    const bool acquired = worked && job.kind == Job::Kind::acquire;
    if (acquired && unwanted && !job.error) {
      job.phase = Job::Phase::giving_back;
      return false;
    }
    if (job.phase == Job::Phase::giving_back || (acquired && !job.engine->session().hold)) {
      job.phase = Job::Phase::closing;
      return false;
    }
    session_ = std::move(job.engine->session());
    lifetime_ = session_.settings.lifetime;
    publish();
  }
  const bool aborted = unwanted && (!job.error || job.error == Errc::timed_out);
  answer(job,
         aborted ? boost::asio::error::make_error_code(boost::asio::error::operation_aborted) : for_asio(job.error));
  jobs_.pop_front();
  if (!jobs_.empty()) run_soon();
  return true;
}

void AsyncState::publish() {
  const bool going = abandoned_ || std::ranges::any_of(jobs_, [&](const Job& job) {
                       return job.kind == Job::Kind::release || job.kind == Job::Kind::close;
                     });
  if (going) return published_.withdraw();
  published_.publish(session_);
}

}  // namespace leaselock
