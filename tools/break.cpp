#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>

#include "exit_status.hpp"
#include "help_layout.hpp"
#include "holder_words.hpp"
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

std::string list_of(const std::vector<Holder>& holders) {
  std::string text;
  for (const Holder& holder : holders) text += (text.empty() ? "" : "; ") + describe(holder);
  return text;
}

/// Those who hold nothing any more. A token is never given twice to one slot.
std::vector<Holder> gone_since(const LockStatus& before, const LockStatus& after) {
  std::vector<Holder> gone;
  for (const Holder& holder : before.holders) {
    const auto same = [&](const Holder& other) { return other.token == holder.token && other.slot == holder.slot; };
    if (std::ranges::none_of(after.holders, same)) gone.push_back(holder);
  }
  return gone;
}

/// Of several holders some may be left, whose leases run.
std::string result_of(const LockStatus& before, const LockOptions& options) {
  if (before.kind == LockKind::lock) {
    return "broken; it is free" + (before.holders.empty() ? "" : " (was held by " + list_of(before.holders) + ")");
  }
  const LockStatus after = inspect(before.lockfile, options);
  return "broken; now " + summary_of(after, std::chrono::system_clock::now()).text + " (was held by " +
         list_of(gone_since(before, after)) + ")";
}

/// Said before the deed, so that it stands in the log even if the deed fails.
void warn_of_force(const BreakOptions& options, const std::vector<Holder>& holders) {
  for (const Holder& holder : holders) {
    say("warning: breaking " + options.lockfile + " by force. Its holder (" + describe(holder) +
        ") is not stopped by this: it may go on working beside the next one" +
        (holder.expires ? " until its lease ends, " + describe_expiry(*holder.expires) : "") + ".");
  }
  if (!holders.empty()) {
    say("Only a resource that checks the fencing token is safe meanwhile; be sure that the process has ended.");
  }
}

int break_lock(const BreakOptions& options) {
  const LockStatus before = inspect(options.lockfile, options.lock);
  if (options.force) warn_of_force(options, before.holders);
  try {
    const bool broken =
        options.force ? unsafe_break(options.lockfile, options.lock) : break_expired(options.lockfile, options.lock);
    std::cout << printable(options.lockfile + ": " +
                           (broken ? result_of(before, options.lock) : "nobody holds it; nothing was done"))
              << "\n";
    return exit_ok;
  } catch (const LockError& error) {
    say(error.what());
    if (error.code() == Errc::still_alive && !options.force) {
      say(std::string("if ") + (before.kind == LockKind::lock ? "its holder has" : "all its holders have") +
          " certainly ended: " + command_for("break --force", options.lockfile, options.lock));
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
