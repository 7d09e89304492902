#include "keep/heartbeat.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "ports/quiet_thread.hpp"

namespace leaselock::keep {

Heartbeat::Heartbeat(Refreshable& lease, const LeaseJudge& judge, OnChange on_change)
    : lease_(lease), on_change_(std::move(on_change)), judge_(judge) {
  watcher_ = ports::start_quiet_thread([this] { watch(); });
  try {
    refresher_ = ports::start_quiet_thread([this] { refresh(); });
  } catch (...) {
    refreshing_ended_ = true;  // the watcher does not read it
    end();
    throw;
  }
}

Heartbeat::~Heartbeat() { end(); }

LeaseState Heartbeat::state() const {
  const std::lock_guard guard(mutex_);
  return judge_.state();
}

LeaseReport Heartbeat::report() const {
  const std::lock_guard guard(mutex_);
  return judge_.report(LeaseClock::now());
}

bool Heartbeat::end_refreshing(LeaseTime until) {
  Guard guard(mutex_);
  ending_ = true;
  changed_.notify_all();
  while (!refreshing_ended_ && LeaseClock::now() < until) wait(guard, until);
  return refreshing_ended_;
}

void Heartbeat::end() {
  end_refreshing(LeaseTime::max());
  {
    const std::lock_guard guard(mutex_);
    judging_ended_ = true;
    changed_.notify_all();
  }
  const std::lock_guard guard(ends_);
  if (refresher_.joinable()) refresher_.join();
  if (watcher_.joinable()) watcher_.join();
}

void Heartbeat::refresh() {
  Guard guard(mutex_);
  while (!ending_ && judge_.state() != LeaseState::lost) {
    const LeaseTime due = judge_.refresh_at();
    if (LeaseClock::now() < due) {
      wait(guard, due);
      continue;
    }
    judge_.sent(LeaseClock::now());
    guard.unlock();
    const std::error_code error = lease_.refresh();
    const LeaseTime deadline = lease_.deadline();
    guard.lock();
    judge_.answered(error, deadline, LeaseClock::now());
    changed_.notify_all();
  }
  refreshing_ended_ = true;
  changed_.notify_all();
}

void Heartbeat::watch() {
  Guard guard(mutex_);
  while (!judging_ended_) {
    const LeaseTime now = LeaseClock::now();
    if (judge_.look(now))
      tell(guard, now);
    else
      wait(guard, judge_.look_at());
  }
}

void Heartbeat::tell(Guard& guard, LeaseTime now) {
  const LeaseReport report = judge_.report(now);
  const bool must_stop = judge_.must_stop();
  changed_.notify_all();  // a refresh may be due, or none any more
  guard.unlock();
  if (must_stop) stop_.request_stop();
  if (on_change_) on_change_(report);
  guard.lock();
}

void Heartbeat::wait(Guard& guard, LeaseTime until) {
  // What threads sleep by stands still while the machine is suspended and the lease does not.
  constexpr Duration longest_piece = std::chrono::seconds(1);
  const Duration length = until - LeaseClock::now();
  if (length > Duration::zero()) changed_.wait_for(guard, std::min(length, longest_piece));
}

}  // namespace leaselock::keep
