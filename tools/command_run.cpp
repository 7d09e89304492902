#include "command_run.hpp"

#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/filesystem/operations.hpp>
#include <cstdlib>
#include <thread>
#include <utility>

#include "exit_status.hpp"
#include "leaselock/format_time.hpp"
#include "message.hpp"
#include "process_tree.hpp"

namespace leaselock::tool {

namespace {

/// A refresh may be under way.
constexpr std::chrono::milliseconds patience_with_a_lost_lock{500};

bool asks_to_end(const Signal& signal) {
  return signal.number != SIGCHLD && signal.number != SIGTSTP && signal.number != SIGCONT &&
         signal.number != front_is_gone();
}

}  // namespace

CommandRun::CommandRun(RunOptions options, Bond& bond) : options_(std::move(options)), bond_(bond) {
  lock_.emplace(options_.lockfile, options_.request, lock_options());
  if (!options_.marker.directory.empty()) {
    marker_.emplace(options_.marker, getpid(), options_.lockfile, options_.request, options_.lock);
  }
}

LockOptions CommandRun::lock_options() {
  LockOptions result = options_.lock;
  result.stop = stop_.get_token();
  if (!options_.quiet && !options_.trace) {
    result.on_wait = [this](const Waiting& waiting) {
      boost::asio::post(io_, [this, waiting] {
        if (wait_line_) wait_line_->update(waiting);
      });
    };
  }
  if (options_.trace) {
    result.on_trace = [](const std::string& line) { say(line); };
    result.on_event = [](const Event& event) { say(to_string(event)); };
  }
  if (!options_.metrics.empty()) metrics_.emplace(options_.metrics, options_.lockfile).watch(result);
  return result;
}

std::optional<Failure> CommandRun::perform(std::function<void()> call) {
  std::optional<Failure> failure;
  bool done = false;
  thread_.start(std::move(call), [&](const std::optional<Failure>& outcome) {
    failure = outcome;
    done = true;
  });
  while (!done) io_.run_one();
  return failure;
}

/// Empty when the call succeeded; otherwise the exit status. A signal asks it to give up, a second one leaves at once.
std::optional<int> CommandRun::attempt(std::function<void()> call) {
  int interrupted_by = 0;
  signals_.on_signal([&](const Signal& signal) {
    if (signal.number == SIGTSTP) return stop_with_front();
    if (!asks_to_end(signal) && signal.number != front_is_gone()) return;
    interrupted_by = signal.number == front_is_gone() ? SIGKILL : signal.number;
    stop_.request_stop();
    leave_on_signal("the file system does not answer");  // a second signal
  });
  const std::optional<Failure> failure = perform(std::move(call));
  if (wait_line_) wait_line_->clear();
  signals_.on_signal(nullptr);
  if (interrupted_by != 0) return exit_signal_base + interrupted_by;
  if (!failure) return std::nullopt;
  if (!options_.quiet || failure->code != Errc::timed_out) say(failure->text);
  if (failure->code == Errc::different_purpose) advise_on_purpose();
  return exit_status_of(failure->code);
}

void CommandRun::advise_on_purpose() {
  leave_on_signal("the file system does not answer");
  std::string advice;
  perform([&] { advice = advice_on_purpose(options_.lockfile, options_.lock); });
  if (!advice.empty()) say(advice);
}

/// In the lock thread. Afterwards the lock belongs to the KeepAlive.
void CommandRun::lock_and_keep() {
  lock_->lock();
  before_ = lock_->predecessor();
  held_ = lock_->held();
  KeepAliveOptions how;
  how.margin = Supervisor::margin(options_.kill_grace, options_.lock.lifetime);
  how.on_change = [this](const LeaseReport& report) {
    boost::asio::post(io_, [this, report] {
      if (supervisor_) supervisor_->on_lease(report);
    });
  };
  lock_->keep_alive(keep_, how);
}

/// Empty when the lock is ours; otherwise the exit status.
std::optional<int> CommandRun::acquire() {
  if (marker_) {
    const std::optional<int> not_made = attempt([this] { marker_->become_ready(); });
    if (not_made && !stop_.stop_requested()) marker_->leave();  // there is none to remove
    if (not_made) return not_made;
  }
  if (!options_.quiet && !options_.trace) wait_line_.emplace(io_, options_.lockfile, options_.lock.timeout);
  return attempt([this] { lock_and_keep(); });
}

/// The same, once the lock is ours.
std::optional<int> CommandRun::mark_running() {
  if (!marker_) return std::nullopt;
  const auto failed = attempt([this] { marker_->become_running(held_, [this] { return keep_->may_act(); }); });
  if (failed || keep_->may_act()) return failed;
  say("lock lost: " + options_.lockfile + ": the marker's file system did not answer in time");
  return exit_lost;
}

/// Who is stopped waits for nothing. The front has passed its signal on before it stops, if it does.
void CommandRun::stop_with_front() {
  for (int look = 0; look < 100 && !is_stopped(bond_.front()); ++look) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (is_stopped(bond_.front()) && !is_continued()) raise(SIGSTOP);
}

void CommandRun::tell_of_predecessor() const {
  const std::string who = before_.holder ? " (" + describe(*before_.holder) + ")" : "";
  switch (before_.end) {
    case PredecessorEnd::none:
    case PredecessorEnd::released:
      return;
    case PredecessorEnd::expired:
      return say("note: the lease of the holder before us" + who +
                 " ran out unreleased; "
                 "what it did under the lock may be half done");
    case PredecessorEnd::died:
      return say("note: the holder before us" + who +
                 " died; "
                 "what it did under the lock may be half done");
  }
}

ChildSettings CommandRun::child_settings() const {
  ChildSettings settings;
  settings.command = options_.command;
  settings.signal_mask = signals_.original_mask();
  settings.terminal_group = bond_.front_group();
  settings.control_group = bond_.control_group() ? &*bond_.control_group() : nullptr;
  const bool has_slots = options_.request.kind == HoldKind::slots;
  const WallTime expires = std::chrono::system_clock::now() + lock_->remaining();
  settings.environment = {
      {"LEASELOCK_FILE", boost::filesystem::absolute(options_.lockfile).string()},
      {"LEASELOCK_TOKEN", held_.empty() ? std::nullopt : std::optional(tokens_of(held_))},
      {"LEASELOCK_SLOT", has_slots ? std::optional(indices_of(held_)) : std::nullopt},
      {"LEASELOCK_EXPIRES", format_time_utc(expires)},
  };
  return settings;
}

void CommandRun::tell_of_control_group() {
  const std::optional<ControlGroup>& group = bond_.control_group();
  const bool used = group && group->has_members();
  say(used ? "the command is in the control group " + group->path()
           : "the command has no control group of its own; its processes are found in /proc");
}

int CommandRun::run_child() {
  try {
    bond_.set_due(keep_->report().deadline);
    child_.emplace(child_settings());
    if (options_.trace) tell_of_control_group();
    supervisor_.emplace(io_, signals_, *keep_, *child_, bond_,
                        SupervisorSettings{options_.lockfile, options_.lock.lifetime, options_.kill_grace,
                                           options_.only_command, options_.quiet});
    const int status = supervisor_->watch();
    if (!supervisor_->has_given_up()) return status;
    if (marker_) marker_->leave();  // something may run
    leave_at_once(status, "the lock is not given back, its lease ends by itself");
  } catch (const std::system_error& error) {
    bond_.set_nothing_due();
    say(error.what());
    if (error.code() == std::errc::no_such_file_or_directory) return exit_not_found;
    const bool no_process =
        error.code() == std::errc::resource_unavailable_try_again || error.code() == std::errc::not_enough_memory;
    return no_process ? exit_os : exit_not_executable;
  }
}

/// The command has ended. What it did is done, so trouble with the lock changes its status only if the lock did not
/// protect it to its end.
int CommandRun::give_back(int status) {
  if (marker_) marker_->remove();  // before somebody else can have the lock
  if (status == exit_lost && !keep_->stop_for(patience_with_a_lost_lock)) {
    leave_at_once(exit_lost, "the file system does not answer");
  }
  leave_on_signal("the lock was not given back; its lease ends by itself");
  const std::optional<Failure> failure = perform([this] {
    if (options_.destroy) {
      keep_->stop();
      lock_->destroy();
    } else {
      keep_->unlock();
    }
  });
  if (!failure || status == exit_lost) return status;
  say(failure->text);
  return failure->code == Errc::lease_lost ? exit_lost : status;
}

/// Removes the claim, which waits for the file system like everything else.
int CommandRun::close(int status) {
  if (marker_) marker_->remove();
  leave_on_signal("the file system does not answer");
  perform([this] {
    keep_.reset();
    lock_.reset();
  });
  return status;
}

void CommandRun::leave_on_signal(const std::string& why) {
  signals_.on_signal([this, why](const Signal& signal) {
    if (asks_to_end(signal)) leave_at_once(exit_signal_base + signal.number, why);
    if (signal.number == front_is_gone()) leave_in_time(why);
  });
  if (getppid() != bond_.front()) leave_in_time(why);
}

/// Nobody is left who could send a signal: what has not come to an end by then does not matter any more.
void CommandRun::leave_in_time(const std::string& why) {
  leave_timer_.expires_after(options_.lock.lifetime);
  leave_timer_.async_wait([this, why](const boost::system::error_code& cancelled) {
    if (!cancelled) leave_at_once(exit_signal_base + SIGKILL, why);
  });
}

/// Ending in order would wait for the lock thread, and that waits for the file system.
void CommandRun::leave_at_once(int status, const std::string& why) {
  if (wait_line_) wait_line_->clear();
  say(why + "; files may be left over: " + command_for("clean", options_.lockfile, options_.lock));
  if (marker_) marker_->remove();
  if (metrics_) metrics_->finish(status);
  if (auto& group = bond_.control_group()) group->remove();
  std::_Exit(status);
}

int CommandRun::run() {
  const int status = run_under_lock();
  if (metrics_) metrics_->finish(status);
  return status;
}

int CommandRun::run_under_lock() {
  if (const std::optional<int> not_acquired = acquire()) return close(*not_acquired);
  if (!options_.quiet) tell_of_predecessor();
  if (const std::optional<int> not_marked = mark_running()) return close(give_back(*not_marked));
  return close(give_back(run_child()));
}

}  // namespace leaselock::tool
