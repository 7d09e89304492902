#include <unistd.h>
#include <algorithm>
#include <boost/json/serialize.hpp>
#include <iostream>
#include <memory>

#include "exit_status.hpp"
#include "help_layout.hpp"
#include "leaselock/maintenance.hpp"
#include "message.hpp"
#include "options.hpp"
#include "status_json.hpp"
#include "status_text.hpp"
#include "table.hpp"
#include "terminal.hpp"

namespace leaselock::tool {
namespace {

struct StatusOptions {
  LockOptions lock;
  std::vector<std::string> lockfiles;
  bool as_json = false;
  bool quiet = false;
};

void print(const LockStatus& status, const LockOptions& options, const Palette& palette) {
  const std::size_t width = is_live_terminal(STDOUT_FILENO) ? terminal_width(STDOUT_FILENO) : any_width;
  for (const std::string& line : status_text(status, options, std::chrono::system_clock::now(), width, palette)) {
    std::cout << line << "\n";
  }
}

int exit_status_of(const LockStatus& status) {
  if (!status.problem.empty()) return exit_trouble;
  return status.state == LockState::unlocked && status.holders.empty() ? exit_ok : exit_held;
}

int look_at(const std::string& lockfile, const StatusOptions& options, const Palette& palette) {
  try {
    const LockStatus status = inspect(lockfile, options.lock);
    if (options.as_json) {
      std::cout << boost::json::serialize(to_json(status)) << "\n";
    } else if (!options.quiet) {
      print(status, options.lock, palette);
    }
    return exit_status_of(status);
  } catch (const LockError& error) {
    say(error.what());
    return exit_trouble;
  }
}

int look_at_all(const StatusOptions& options) {
  const Palette palette(STDOUT_FILENO);
  int worst = exit_ok;
  for (const std::string& lockfile : options.lockfiles) worst = std::max(worst, look_at(lockfile, options, palette));
  std::cout.flush();
  return worst;
}

}  // namespace

void add_status(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<StatusOptions>();
  CLI::App& app = *program.add_subcommand("status", "Show who holds a lock, until when, and who waits");
  app.formatter(std::make_shared<HelpLayout>("leaselock status [OPTIONS] LOCK..."));
  app.add_option("LOCK", options->lockfiles)->required();
  app.add_flag("--json", options->as_json, "one JSON object for each lock, one on each line");
  app.add_flag("-q,--quiet", options->quiet, "print nothing; the exit status tells");
  add_shared_options(app, options->lock);
  app.footer(
      "Exit status: 0 all are unlocked, 1 one is held, 2 one has a problem or could not\n"
      "be looked at, 64 wrong usage.\n"
      "Examples:\n"
      "  leaselock status /mnt/shared/db.lck\n"
      "  leaselock status --quiet /mnt/shared/db.lck && echo free");
  app.callback([&invocation, options] { invocation.action = [options] { return look_at_all(*options); }; });
}

}  // namespace leaselock::tool
