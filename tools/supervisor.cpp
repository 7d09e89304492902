#include "supervisor.hpp"

#include <algorithm>

#include "exit_status.hpp"
#include "leaselock/format_time.hpp"
#include "message.hpp"

namespace leaselock::tool {

Supervisor::Supervisor(boost::asio::io_context& io, SignalSource& signals, LockThread& thread, Lock& lock,
                       ChildProcess& child, Duration kill_grace)
    : io_(io),
      signals_(signals),
      thread_(thread),
      lock_(lock),
      child_(child),
      kill_grace_(kill_grace),
      refresh_timer_(io),
      lease_timer_(io),
      kill_timer_(io) {}

int Supervisor::watch() {
  signals_.on_signal([this](const Signal& signal) { on_signal(signal); });
  after(lock_.lifetime() / 3, refresh_timer_, &Supervisor::refresh);
  watch_lease();
  while (!child_.poll()) io_.run_one();
  refresh_timer_.cancel();
  lease_timer_.cancel();
  kill_timer_.cancel();
  return stopping_ ? exit_lost : *child_.poll();
}

void Supervisor::on_signal(const Signal& signal) {
  if (signal.number == SIGCHLD) return;  // watch() looks after every event
  const bool has_it_already = signal.from_kernel && child_.shares_our_group();
  if (!has_it_already) child_.send(signal.number);
}

void Supervisor::after(Duration delay, boost::asio::steady_timer& timer, void (Supervisor::*action)()) {
  timer.expires_after(delay);
  timer.async_wait([this, action](const boost::system::error_code& cancelled) {
    if (!cancelled && !child_.poll()) (this->*action)();
  });
}

void Supervisor::refresh() {
  thread_.start([this] { lock_.refresh(); }, [this](const auto& failure) { on_refreshed(failure); });
}

void Supervisor::on_refreshed(const std::optional<Failure>& failure) {
  if (child_.poll()) return;  // the release will find out whether the lease lasted
  const bool lost = failure && (failure->code == Errc::lease_lost || failure->code == Errc::not_locked);
  if (lost) return stop_command(failure->text);
  const bool ours = !failure || failure->code == Errc::mirror_lost;
  if (failure && !warned_) say("warning: " + failure->text);
  if (!ours && !warned_) {
    say("warning: trying again; the lease still runs " + format_duration(lock_.remaining()));
  }
  if (!failure && warned_) say("the lock is refreshed again");
  warned_ = failure.has_value();
  const Duration soon = std::min<Duration>(lock_.lifetime() / 15, std::chrono::seconds(1));
  after(ours ? lock_.lifetime() / 3 : soon, refresh_timer_, &Supervisor::refresh);
}

Duration Supervisor::margin() const { return std::min<Duration>(kill_grace_, lock_.lifetime() / 3); }

void Supervisor::watch_lease() {
  const Duration left = lock_.remaining() - margin();
  if (left <= Duration::zero()) return stop_command("the lease could not be refreshed in time");
  // Timers stand still while the machine is suspended, leases do not: look at the lease clock often.
  after(std::min<Duration>(left, std::chrono::seconds(1)), lease_timer_, &Supervisor::watch_lease);
}

void Supervisor::kill_command() { child_.send(SIGKILL); }

void Supervisor::stop_command(const std::string& why) {
  if (stopping_) return;
  stopping_ = true;
  say("lock lost: " + why);
  say("stopping the command (SIGTERM; SIGKILL after " + format_duration(kill_grace_) + ")");
  child_.send(SIGTERM);
  child_.send(SIGCONT);  // a stopped process would not see it
  after(kill_grace_, kill_timer_, &Supervisor::kill_command);
}

}  // namespace leaselock::tool
