#include <boost/filesystem/operations.hpp>
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

namespace fs = boost::filesystem;

struct CleanOptions {
  LockOptions lock;
  std::vector<std::string> paths;
  bool quiet = false;
};

void print_cleaned(const fs::path& lockfile, const Cleaned& cleaned) {
  for (const std::string& name : cleaned.removed) {
    std::cout << "removed " << printable((lockfile.parent_path() / name).string()) << "\n";
  }
  std::cout << printable(lockfile.string()) << ": removed " << cleaned.removed.size();
  if (cleaned.kept > 0) std::cout << ", kept " << cleaned.kept << " that may be in use";
  std::cout << "\n";
}

/// The locks that a path on the command line means: itself, or for a directory those that left traces in it.
std::vector<fs::path> locks_meant(const std::string& path, const CleanOptions& options) {
  boost::system::error_code ignored;
  if (!fs::is_directory(path, ignored)) return {path};
  std::vector<fs::path> locks = locks_in(path, options.lock);
  if (locks.empty() && !options.quiet) std::cout << printable(path) << ": no locks have left traces here\n";
  return locks;
}

/// One lock that cannot be cleaned does not keep the others from being cleaned.
int clean_all(const CleanOptions& options) {
  int first_failure = exit_ok;
  const auto fail = [&first_failure](const LockError& error) {
    say(error.what());
    if (first_failure == exit_ok) first_failure = exit_status_of(error.code());
  };
  for (const std::string& path : options.paths) {
    std::vector<fs::path> locks;
    try {
      locks = locks_meant(path, options);
    } catch (const LockError& error) {
      fail(error);
    }
    for (const fs::path& lock : locks) {
      try {
        const Cleaned cleaned = clean(lock, options.lock);
        if (!options.quiet) print_cleaned(lock, cleaned);
      } catch (const LockError& error) {
        fail(error);
      }
    }
  }
  std::cout.flush();
  return first_failure;
}

}  // namespace

void add_clean(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<CleanOptions>();
  CLI::App& app = *program.add_subcommand("clean", "Remove what crashed processes left");
  app.formatter(std::make_shared<HelpLayout>("leaselock clean [OPTIONS] LOCK|DIR..."));
  app.add_option("LOCK|DIR", options->paths)->required();
  app.add_flag("-q,--quiet", options->quiet, "print errors only");
  add_shared_options(app, options->lock);
  app.footer(
      "Removes the files of crashed processes, and the fence directory of a lock that\n"
      "nobody holds; nothing that may be in use, nothing of flufl.lock, nothing whose\n"
      "name is not exactly ours. For a directory: does so for every lock in it.\n"
      "Exit status: 0, or as for run if something could not be removed.\n"
      "Examples:\n"
      "  leaselock clean /mnt/shared/db.lck\n"
      "  leaselock clean --quiet /mnt/shared");
  app.callback([&invocation, options] { invocation.action = [options] { return clean_all(*options); }; });
}

}  // namespace leaselock::tool
