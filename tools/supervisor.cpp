#include "supervisor.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "exit_status.hpp"
#include "leaselock/format_time.hpp"
#include "message.hpp"
#include "process_tree.hpp"

namespace leaselock::tool {

namespace {

/// Twice as long each time: where many lose their leases at once, those who look would starve those who are to die.
constexpr Duration longest_pause = std::chrono::milliseconds(500);
/// Shorter work in the background is not worth a line in a log.
constexpr std::chrono::seconds quiet_at_first{3};
/// One that hangs in a request to a file server does nothing any more, but does not end either.
constexpr std::chrono::seconds patience_with_the_killed{3};
const std::string not_in_time = "the lease could not be refreshed in time";

/// How long before the end of the lease everything is killed: time for a busy machine to get round to it.
Duration kill_margin(Duration lifetime) { return std::min<Duration>(lifetime / 10, std::chrono::seconds(2)); }

std::string list_of_descendants() {
  std::string list;
  for (const Descendant& process : descendants_of(getpid())) {
    list += (list.empty() ? "" : ", ") + std::to_string(process.pid) + " (" + process.name + ")";
  }
  return list;
}

}  // namespace

Supervisor::Supervisor(boost::asio::io_context& io, SignalSource& signals, const KeepAlive& keep, ChildProcess& child,
                       Bond& bond, SupervisorSettings settings)
    : io_(io),
      signals_(signals),
      keep_(keep),
      child_(child),
      bond_(bond),
      settings_(std::move(settings)),
      lease_timer_(io),
      kill_timer_(io),
      background_timer_(io) {}

int Supervisor::watch() {
  signals_.on_signal([this](const Signal& signal) { on_signal(signal); });
  follow_lease();
  on_lease(keep_.report());  // it may have changed before we were there
  while (!is_over() && !given_up_) io_.run_one();
  for (LeaseTimer* timer : {&lease_timer_, &kill_timer_, &background_timer_}) timer->cancel();
  if (given_up_) return exit_lost;
  bond_.set_nothing_due();
  if (bond_.front_has_killed()) declare_lost(not_in_time);
  return lost_ ? exit_lost : *child_.status();
}

bool Supervisor::is_over() {
  child_.fetch_the_ended();
  if (child_.everything_has_ended()) return true;
  if (!child_.status()) return false;
  if (settings_.only_command && !stopping_) return true;
  if (std::exchange(command_has_ended_, true)) return false;
  after(quiet_at_first, background_timer_, &Supervisor::tell_of_background);
  if (asked_to_end_) stop_command();  // and not to wait
  return false;
}

void Supervisor::tell_of_background() {
  if (settings_.quiet || stopping_) return;
  say("the command has ended; the lock is kept until the processes that it left have ended: " + list_of_descendants());
}

void Supervisor::on_signal(const Signal& signal) {
  if (signal.number == SIGCHLD) return;  // watch() looks after every event
  if (signal.number == front_is_gone()) return stop_for_front();
  if (immortals_told_) {
    given_up_ = signal.number != SIGCONT && signal.number != SIGTSTP;
    return;
  }
  if (signal.number == SIGTERM) asked_to_end_ = true;
  if (command_has_ended_ && (signal.number == SIGTERM || signal.number == SIGINT)) return stop_command();
  const bool has_it_already = signal.from_kernel && child_.shares_the_terminal() && !command_has_ended_;
  if (!has_it_already) child_.send(signal.number);
}

void Supervisor::after(Duration delay, LeaseTimer& timer, void (Supervisor::*action)()) {
  timer.expires_after(delay);
  timer.async_wait([this, action](const boost::system::error_code& cancelled) {
    if (!cancelled && !child_.everything_has_ended()) (this->*action)();
  });
}

/// The front needs to know when it must do our work.
void Supervisor::follow_lease() {
  deadline_ = keep_.report().deadline;
  bond_.set_due(deadline_ - kill_margin(settings_.lifetime) / 2);
  after(settings_.lifetime / 6, lease_timer_, &Supervisor::follow_lease);
}

Duration Supervisor::margin(Duration kill_grace, Duration lifetime) {
  return std::min<Duration>(kill_grace + kill_margin(lifetime), lifetime / 20 * 9);
}

void Supervisor::on_lease(const LeaseReport& report) {
  if (child_.everything_has_ended() || lost_) return;  // the release will find out whether the lease lasted
  deadline_ = report.deadline;
  const bool is_known = report.error == Errc::lease_lost || report.error == Errc::not_locked;
  if (report.state == LeaseState::held) return warn(report);
  declare_lost(is_known ? report.error.message() : not_in_time);
  stop_command();
}

void Supervisor::warn(const LeaseReport& report) {
  const bool was_warned = std::exchange(warned_, bool(report.error));
  if (was_warned && !warned_) say("the lock is refreshed again");
  if (was_warned || !warned_) return;
  say("warning: " + settings_.lockfile + ": " + report.error.message());
  if (report.error == Errc::mirror_lost) return;
  say("warning: trying again; the lease still runs " + format_duration(report.remaining));
}

/// The lease goes on until everything has ended.
void Supervisor::stop_for_front() {
  say("leaselock run itself was killed");
  stop_command();
}

void Supervisor::declare_lost(const std::string& why) {
  if (!std::exchange(lost_, true)) say("lock lost: " + settings_.lockfile + ": " + why);
}

/// What was to be killed one grace after the request is killed earlier where the lease does not last.
void Supervisor::stop_command() {
  const LeaseTime now = LeaseClock::now();
  LeaseTime end = now + settings_.kill_grace;
  if (lost_) end = std::min(end, deadline_ - kill_margin(settings_.lifetime));
  if (killing_ || (stopping_ && kill_timer_.expiry() <= end)) return;
  stopping_ = true;
  if (end > now) {
    say("stopping the command (SIGTERM; SIGKILL after " + format_duration(end - now) + ")");
    child_.send_to_all(SIGTERM);
    child_.send_to_all(SIGCONT);  // a stopped process would not see it
  } else {
    say("killing the command");
  }
  after(end - now, kill_timer_, &Supervisor::kill_command);
}

void Supervisor::kill_command() {
  if (!killing_) killed_at_ = LeaseClock::now();
  killing_ = true;
  child_.kill_all();
  if (!immortals_told_ && LeaseClock::now() > killed_at_ + patience_with_the_killed) {
    immortals_told_ = true;
    say("killed, but still there, in a request without an answer or out of our reach: " + list_of_descendants());
  }
  after(kill_pause_, kill_timer_, &Supervisor::kill_command);
  kill_pause_ = std::min(2 * kill_pause_, longest_pause);
}

}  // namespace leaselock::tool
