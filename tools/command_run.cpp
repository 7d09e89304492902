#include "command_run.hpp"

#include <boost/asio/post.hpp>
#include <boost/filesystem/operations.hpp>
#include <cstdlib>
#include <utility>

#include "exit_status.hpp"
#include "leaselock/format_time.hpp"
#include "message.hpp"

namespace leaselock::tool {

CommandRun::CommandRun(RunOptions options) : options_(std::move(options)) {
  lock_.emplace(options_.lockfile, lock_options());
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
  if (options_.trace) result.on_trace = [](const std::string& line) { say(line); };
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

/// Empty when the lock is ours; otherwise the exit status.
std::optional<int> CommandRun::acquire() {
  int interrupted_by = 0;
  signals_.on_signal([&](const Signal& signal) {
    if (signal.number == SIGCHLD) return;
    interrupted_by = signal.number;
    stop_.request_stop();
    leave_on_signal("the file system does not answer");  // a second signal
  });
  if (!options_.quiet && !options_.trace) wait_line_.emplace(io_, options_.lockfile, options_.lock.timeout);
  const std::optional<Failure> failure = perform([this] { lock_->lock(); });
  if (wait_line_) wait_line_->clear();
  signals_.on_signal(nullptr);
  if (interrupted_by != 0) return exit_signal_base + interrupted_by;
  if (!failure) return std::nullopt;
  if (!options_.quiet || failure->code != Errc::timed_out) say(failure->text);
  return exit_status_of(failure->code);
}

void CommandRun::tell_of_predecessor() const {
  const Predecessor before = lock_->predecessor();
  const std::string who = before.holder ? " (" + describe(*before.holder) + ")" : "";
  switch (before.end) {
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
    case PredecessorEnd::forced:
      return say("note: the lock was broken by force before us" + who +
                 "; "
                 "its holder may still be at work");
  }
}

ChildSettings CommandRun::child_settings() const {
  ChildSettings settings;
  settings.command = options_.command;
  settings.signal_mask = signals_.original_mask();
  const std::optional<FencingToken> token = lock_->fencing_token();
  const WallTime expires = std::chrono::system_clock::now() + lock_->remaining();
  settings.environment = {
      {"LEASELOCK_FILE", boost::filesystem::absolute(options_.lockfile).string()},
      {"LEASELOCK_TOKEN", token ? std::optional(std::to_string(*token)) : std::nullopt},
      {"LEASELOCK_EXPIRES", format_time_utc(expires)},
  };
  return settings;
}

int CommandRun::run_child() {
  try {
    child_.emplace(child_settings());
    supervisor_.emplace(io_, signals_, thread_, *lock_, *child_, options_.kill_grace);
    return supervisor_->watch();
  } catch (const std::system_error& error) {
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
  if (status == exit_lost && thread_.busy()) leave_at_once(exit_lost, "the file system does not answer");
  leave_on_signal("the lock was not given back; its lease ends by itself");
  const std::optional<Failure> failure = perform([this] {
    if (options_.destroy) {
      lock_->destroy();
    } else {
      lock_->unlock();
    }
  });
  if (!failure || status == exit_lost) return status;
  say(failure->text);
  return failure->code == Errc::lease_lost ? exit_lost : status;
}

/// Removes the claim, which waits for the file system like everything else.
int CommandRun::close(int status) {
  leave_on_signal("the file system does not answer");
  perform([this] { lock_.reset(); });
  return status;
}

void CommandRun::leave_on_signal(const std::string& why) {
  signals_.on_signal([this, why](const Signal& signal) {
    if (signal.number != SIGCHLD) leave_at_once(exit_signal_base + signal.number, why);
  });
}

/// Ending in order would wait for the lock thread, and that waits for the file system.
void CommandRun::leave_at_once(int status, const std::string& why) {
  if (wait_line_) wait_line_->clear();
  say(why + "; files may be left over: " + command_for("clean", options_.lockfile, options_.lock));
  std::_Exit(status);
}

int CommandRun::run() {
  if (const std::optional<int> not_acquired = acquire()) return close(*not_acquired);
  if (!options_.quiet) tell_of_predecessor();
  return close(give_back(run_child()));
}

}  // namespace leaselock::tool
