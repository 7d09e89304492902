#include "leaselock/keep_alive.hpp"

#include <cstdint>
#include <string>
#include <utility>

#include "keep/deadline_of.hpp"
#include "keep/heartbeat.hpp"
#include "leaselock/error.hpp"
#include "new_session.hpp"
#include "ports/environment.hpp"

namespace leaselock {
namespace {

bool is_definite(std::error_code error) { return error == Errc::lease_lost || error == Errc::not_locked; }

class LockRefresh final : public keep::Refreshable {
 public:
  explicit LockRefresh(Lock& lock) : lock_(lock) {}

  std::error_code refresh() noexcept override {
    std::error_code error;
    try {
      lock_.refresh(error);
    } catch (const std::exception&) {
      error = std::make_error_code(std::errc::not_enough_memory);
    }
    return error;
  }

  LeaseTime deadline() const noexcept override { return keep::deadline_of(lock_); }

 private:
  Lock& lock_;
};

keep::LeaseJudge first_judgement(Lock& lock, const KeepAliveOptions& options) {
  const LeaseTime now = LeaseClock::now();
  return {options, lock.lifetime(), now + lock.remaining(), now};
}

/// Refreshes a hold that is due, so that the work begins with the whole margin.
void refresh_first(Lock& lock) {
  try {
    lock.refresh();
  } catch (const LockError& error) {
    if (is_definite(error.code()) || !lock.may_act()) throw;
  }
  if (!lock.may_act())
    throw NotLockedError(Errc::lease_lost, lock.lockfile(), "it ran out while it was being refreshed");
}

keep::LeaseJudge begin(Lock& lock, const KeepAliveOptions& options) {
  if (const std::string why = keep::LeaseJudge::why_not(options, lock.lifetime()); !why.empty()) {
    throw LockError(Errc::invalid_options, lock.lockfile(), why);
  }
  const keep::LeaseJudge judge = first_judgement(lock, options);
  if (LeaseClock::now() < judge.refresh_at()) return judge;
  refresh_first(lock);
  return first_judgement(lock, options);
}

std::string how_it_was_lost(const LeaseReport& report) {
  if (is_definite(report.error)) return "the answer to a refresh said so";
  const std::string last = report.error ? "; the last one failed: " + report.error.message() : "";
  return "no refresh succeeded before it ran out" + last;
}

}  // namespace

class LEASELOCK_LOCAL KeepAlive::Impl {
 public:
  Impl(Lock& lock_in, KeepAliveOptions options)
      : lock(lock_in), refresh(lock_in), heartbeat(refresh, begin(lock_in, options), std::move(options.on_change)) {}

  bool in_forked_child() const noexcept { return generation != fork_generation(); }
  static std::uint64_t fork_generation() noexcept { return ports::native_environment().host.fork_generation(); }

  const std::uint64_t generation = fork_generation();
  Lock& lock;
  LockRefresh refresh;
  keep::Heartbeat heartbeat;
};

KeepAlive::KeepAlive(Lock& lock, KeepAliveOptions options) {
  const auto give_back = [&lock] {
    std::error_code not_told;
    lock.unlock(unconditionally, not_told);
  };
  try {
    impl_ = std::make_unique<Impl>(lock, std::move(options));
  } catch (const LockError&) {
    give_back();
    throw;
  } catch (const std::system_error& error) {
    give_back();
    throw LockError(error.code(), lock.lockfile(), "there is no thread to refresh it with; it was given back");
  } catch (...) {
    give_back();
    throw;
  }
}

KeepAlive::KeepAlive(Semaphore& semaphore, KeepAliveOptions options) : KeepAlive(semaphore.lock_, std::move(options)) {}
KeepAlive::KeepAlive(SharedLock& lock, KeepAliveOptions options) : KeepAlive(lock.lock_, std::move(options)) {}

KeepAlive::~KeepAlive() {
  // The parent's threads are not here, and its mutexes may be locked for ever.
  if (impl_->in_forked_child()) static_cast<void>(impl_.release());
}

std::stop_token KeepAlive::get_stop_token() const noexcept { return impl_->heartbeat.get_stop_token(); }

LeaseState KeepAlive::state() const noexcept {
  return impl_->in_forked_child() ? LeaseState::lost : impl_->heartbeat.state();
}

LeaseReport KeepAlive::report() const {
  if (!impl_->in_forked_child()) return impl_->heartbeat.report();
  LeaseReport nothing;
  nothing.state = LeaseState::lost;
  nothing.error = Errc::not_locked;
  return nothing;
}

bool KeepAlive::may_act() const noexcept { return impl_->lock.may_act() && state() != LeaseState::lost; }

void KeepAlive::stop() {
  if (!impl_->in_forked_child()) impl_->heartbeat.end();
}

bool KeepAlive::stop_for(Duration patience) {
  if (impl_->in_forked_child()) return true;
  if (!impl_->heartbeat.end_refreshing(give_up_at(LeaseClock::now(), patience))) return false;
  impl_->heartbeat.end();
  return true;
}

void KeepAlive::unlock(std::error_code& error) {
  if (impl_->in_forked_child()) {
    error = Errc::not_locked;
    return;
  }
  stop();
  const bool lost = state() == LeaseState::lost;
  impl_->lock.unlock(error);
  if (lost && error != Errc::not_locked) error = Errc::lease_lost;
}

void KeepAlive::unlock() {
  stop();
  if (impl_->in_forked_child()) throw NotLockedError(Errc::not_locked, impl_->lock.lockfile(), "");
  if (state() != LeaseState::lost) return impl_->lock.unlock();
  std::error_code error;
  unlock(error);
  throw NotLockedError(error, impl_->lock.lockfile(), how_it_was_lost(report()));
}

}  // namespace leaselock
