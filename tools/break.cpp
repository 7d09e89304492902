#include <iostream>
#include <memory>

#include "exit_status.hpp"
#include "help_layout.hpp"
#include "leaselock/maintenance.hpp"
#include "message.hpp"
#include "options.hpp"
#include "text.hpp"

namespace leaselock::tool {
namespace {

struct BreakOptions {
  LockOptions lock;
  std::string lockfile;
  bool force = false;
};

void print_result(const BreakOptions& options, const std::optional<Holder>& holder, bool broken) {
  std::string text = options.lockfile;
  text += broken ? ": broken; it is free" : ": nobody holds it; nothing was done";
  if (broken && holder) text += " (was held by " + describe(*holder) + ")";
  std::cout << printable(text) << "\n";
}

/// Said before the deed, so that it stands in the log even if the deed fails.
void warn_of_force(const BreakOptions& options, const Holder& holder) {
  say("warning: breaking " + options.lockfile + " by force. Its holder (" + describe(holder) +
      ") is not stopped by this: it may go on working beside the next one" +
      (holder.expires ? " until its lease ends, " + describe_expiry(*holder.expires) : "") + ".");
  say("Only a resource that checks the fencing token is safe meanwhile; be sure that the process has ended.");
}

int break_lock(const BreakOptions& options) {
  const std::optional<Holder> holder = inspect(options.lockfile, options.lock).holder;
  if (options.force && holder) warn_of_force(options, *holder);
  try {
    const bool broken =
        options.force ? unsafe_break(options.lockfile, options.lock) : break_expired(options.lockfile, options.lock);
    print_result(options, holder, broken);
    return exit_ok;
  } catch (const LockError& error) {
    say(error.what());
    if (error.code() == Errc::still_alive && !options.force) {
      say("if its holder has certainly ended: " + command_for("break --force", options.lockfile, options.lock));
    }
    return exit_status_of(error.code());
  }
}

}  // namespace

void add_break(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<BreakOptions>();
  CLI::App& app = *program.add_subcommand("break", "Free a lock whose lease has run out");
  app.formatter(std::make_shared<HelpLayout>("leaselock break [OPTIONS] LOCK"));
  app.add_option("LOCK", options->lockfile)->required();
  app.add_flag("--force", options->force, "break it even if the lease is alive (see below)");
  add_shared_options(app, options->lock);
  app.footer(
      "Whoever wants the lock next breaks an expired lease anyway; this frees it now.\n"
      "--force does not stop the holder: it goes on working beside the next one until\n"
      "it notices. Stop it first, or let the resource check the fencing token.\n"
      "Exit status: 0 the lock is free, 75 refused as the lease may be alive; others as\n"
      "for run.\n"
      "Example:\n"
      "  leaselock break /mnt/shared/db.lck");
  app.callback([&invocation, options] { invocation.action = [options] { return break_lock(*options); }; });
}

}  // namespace leaselock::tool
