#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/filesystem/operations.hpp>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include "child_process.hpp"
#include "exit_status.hpp"
#include "help_layout.hpp"
#include "leaselock/format_time.hpp"
#include "leaselock/lock.hpp"
#include "lock_thread.hpp"
#include "message.hpp"
#include "options.hpp"
#include "signal_source.hpp"
#include "supervisor.hpp"
#include "wait_line.hpp"

namespace leaselock::tool {
namespace {

struct RunOptions {
  LockOptions lock;
  std::string lockfile;
  std::vector<std::string> command;
  Duration kill_grace = std::chrono::seconds(5);
  bool destroy = false;
  bool quiet = false;
  bool trace = false;
};

/// One run of a command under a lock. Everything that touches the file system happens in the lock thread.
class CommandRun {
 public:
  explicit CommandRun(RunOptions options);
  /// Returns the exit status of the program.
  int run();

 private:
  LockOptions lock_options();
  std::optional<Failure> perform(std::function<void()> call);
  std::optional<int> acquire();
  void tell_of_predecessor() const;
  ChildSettings child_settings() const;
  int run_child();
  int give_back(int status);
  int close(int status);
  void leave_on_signal(const std::string& why);
  [[noreturn]] void leave_at_once(int status, const std::string& why);

  RunOptions options_;
  boost::asio::io_context io_;
  SignalSource signals_{io_};
  std::stop_source stop_;
  std::optional<WaitLine> wait_line_;
  std::optional<Lock> lock_;
  std::optional<ChildProcess> child_;
  std::optional<Supervisor> supervisor_;
  LockThread thread_{io_};
};

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

/// The command is what follows LOCK; "--" may stand between them, and must where the command begins with a dash.
std::vector<std::string> command_words(const CLI::App& app, const Invocation& invocation) {
  std::vector<std::string> words = app.remaining();
  if (!words.empty() && words.front().starts_with('-')) {
    throw CLI::ParseError("unknown option " + words.front(), exit_usage);
  }
  if (!words.empty() && invocation.dashes) words.push_back("--");  // the command's own
  words.insert(words.end(), invocation.after_dashes.begin(), invocation.after_dashes.end());
  if (words.empty()) throw CLI::ParseError("no command to run: leaselock run LOCK -- COMMAND", exit_usage);
  return words;
}

void add_options(CLI::App& app, RunOptions& options) {
  LockOptions& lock = options.lock;
  app.add_option("LOCK", options.lockfile)->required();
  add_duration(
      app, "--lifetime", [&lock](Duration length) { lock.lifetime = length; },
      "how long a hold outlives a crash; default 15s");
  CLI::Option* timeout = add_duration(
      app, "-w,--timeout", [&lock](Duration length) { lock.timeout = length; },
      "how long to wait for the lock; default for ever");
  CLI::Option* no_wait = app.add_flag_callback(
      "-n,--no-wait", [&lock] { lock.timeout = Duration::zero(); }, "one attempt only");
  no_wait->excludes(timeout);
  add_duration(
      app, "-k,--kill-grace", [&options](Duration length) { options.kill_grace = length; },
      "from SIGTERM to SIGKILL if the lease is lost; default 5s");
  app.add_flag("--destroy", options.destroy, "afterwards leave no file of this lock");
  app.add_flag("-q,--quiet", options.quiet, "print errors only");
  app.add_flag("--trace", options.trace, "print every step of the protocol");
  add_shared_options(app, lock);
}

}  // namespace

void add_run(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<RunOptions>();
  CLI::App& app = *program.add_subcommand("run", "Run a command while holding a lock");
  app.formatter(std::make_shared<HelpLayout>("leaselock run [OPTIONS] LOCK [--] COMMAND [ARGUMENTS...]"));
  app.prefix_command();
  add_options(app, *options);
  app.footer(
      "The command finds LEASELOCK_FILE, LEASELOCK_TOKEN and LEASELOCK_EXPIRES.\n"
      "Exit status: the command's; 75 not acquired in time, 76 lease lost, 64 wrong\n"
      "usage, 73, 74, 77 the file system refuses, 126, 127 the command cannot be run.\n"
      "Example:\n"
      "  leaselock run --timeout 60s /mnt/shared/db.lck -- ./migrate.sh");
  app.callback([&app, &invocation, options] {
    options->command = command_words(app, invocation);
    invocation.action = [options] { return CommandRun(std::move(*options)).run(); };
  });
}

}  // namespace leaselock::tool
