#include <boost/filesystem/operations.hpp>
#include <memory>
#include <string>

#include "command_run.hpp"
#include "exit_status.hpp"
#include "front.hpp"
#include "help_layout.hpp"
#include "marker_name.hpp"
#include "options.hpp"

namespace leaselock::tool {
namespace {

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

FastPath fast_path_of(const std::string& when) {
  if (when == "automatic") return FastPath::automatic;
  if (when == "off") return FastPath::off;
  if (when == "required") return FastPath::required;
  throw CLI::ValidationError("'" + when + "' is not automatic, off or required");
}

void add_kinds(CLI::App& app, HoldRequest& request) {
  const auto hold_slots = [&request](std::uint32_t count) {
    request.kind = HoldKind::slots;
    request.slots = count;
  };
  CLI::Option* slots = app.add_option_function<std::uint32_t>("--slots", hold_slots);
  slots->type_name("N")->take_last()->check(slot_count());
  CLI::Option* take = app.add_option("--take", request.take);
  take->type_name("K")->take_last()->check(slot_count())->needs(slots);
  CLI::Option* shared = app.add_flag_callback("--shared", [&request] { request.kind = HoldKind::shared; });
  CLI::Option* exclusive = app.add_flag_callback("--exclusive", [&request] { request.kind = HoldKind::exclusive; });
  exclusive->excludes(shared);
  in_one_row({slots, take}, "hold one slot, or K, of the N of LOCK");
  in_one_row({shared, exclusive}, "hold it beside readers; as the only writer");
}

void add_marker(CLI::App& app, MarkerOptions& marker) {
  CLI::Option* directory = app.add_option("--markers", marker.directory)->type_name("DIR")->take_last();
  CLI::Option* name = app.add_option("--name", marker.name)->type_name("NAME")->take_last();
  name->check([](const std::string& text) {
    return is_marker_label(text) ? "" : "'" + text + "' is not a name of letters, digits, '.', '_' and '-'";
  });
  directory->needs(name);
  name->needs(directory);
  in_one_row({directory, name}, "keep DIR/ID_NAME.ready, then .running");
}

void finish_options(CLI::App& app) {
  for (const char* kind : {"--slots", "--shared", "--exclusive"}) {
    app.get_option(kind)->excludes(app.get_option("--compat"))->excludes(app.get_option("--destroy"));
  }
  app.get_option("--slots")->excludes(app.get_option("--shared"))->excludes(app.get_option("--exclusive"));
  app.get_option("--take")->excludes(app.get_option("--unfair"));  // who does not queue could wait for ever
  in_one_row({app.get_option("--unfair"), app.get_option("--ignore-death")},
             "do not queue; wait for dead processes' leases, too");
  in_one_row({app.get_option("--quiet"), app.get_option("--trace")}, "print errors only; print every step");
  in_one_row({app.get_option("--destroy"), app.get_option("--trust-anyone")},
             "leave no file; trust a fence directory of any user");
  in_one_row({app.get_option("--compat"), app.get_option("--no-mirror")},
             "flufl.lock's files only; none at LOCK itself");
}

void add_options(CLI::App& app, RunOptions& options) {
  LockOptions& lock = options.lock;
  app.add_option("LOCK", options.lockfile)->required();
  add_kinds(app, options.request);
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
      "time to end if the lease is lost; default 5s");
  app.add_flag("-o,--only-command", options.only_command, "do not wait for what the command left behind");
  app.add_option_function<std::string>(
         "--fast-path", [&lock](const std::string& when) { lock.fast_path = fast_path_of(when); },
         "wait in the kernel: automatic, off or required")
      ->type_name("WHEN")
      ->take_last();
  app.add_flag_callback(
      "--unfair", [&lock] { lock.fair = false; }, "do not queue");
  app.add_flag_callback(
      "--ignore-death", [&lock] { lock.break_dead = false; }, "wait for a dead process's lease, too");
  app.add_flag("--destroy", options.destroy, "afterwards leave no file of this lock");
  app.add_flag("-q,--quiet", options.quiet, "print errors only");
  app.add_option("--metrics", options.metrics, "keep a file for Prometheus")->type_name("FILE")->take_last();
  add_marker(app, options.marker);
  app.add_flag("--trace", options.trace, "print every step of the protocol");
  add_shared_options(app, lock);
  finish_options(app);
}

/// The keeper's, which has been killed.
void remove_marker(const RunOptions& options, pid_t keeper) {
  if (options.marker.directory.empty()) return;
  RunMarker(options.marker, keeper, options.lockfile, options.request, options.lock).remove();
}

int run_command(RunOptions options) {
  // Drawn before the two processes part: both know the marker.
  options.marker.nonce = boost::filesystem::unique_path("%%%%%%%%").string();
  Bond bond(!options.only_command);
  return run_in_keeper(
      bond, options.lock.lifetime / 15, [&] { return CommandRun(options, bond).run(); },
      [&](pid_t keeper) { remove_marker(options, keeper); });
}

}  // namespace

void add_run(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<RunOptions>();
  CLI::App& app = *program.add_subcommand("run", "Run a command while holding a lock");
  app.formatter(std::make_shared<HelpLayout>("leaselock run [OPTIONS] LOCK [--] COMMAND [ARGUMENTS...]"));
  app.prefix_command();
  add_options(app, *options);
  app.footer(
      "The command finds LEASELOCK_FILE, _TOKEN, _EXPIRES and, with --slots, _SLOT.\n"
      "Exit status: the command's; 75 not acquired in time, 76 lease lost, 64 wrong\n"
      "usage, 73, 74, 77 the file system refuses, 126, 127 the command cannot be run.\n"
      "Example: leaselock run --timeout 60s /mnt/shared/db.lck -- ./migrate.sh");
  app.callback([&app, &invocation, options] {
    options->command = command_words(app, invocation);
    if (options->request.take > options->request.slots) throw CLI::ValidationError("--take is more than --slots");
    invocation.action = [options] { return run_command(*options); };
  });
}

}  // namespace leaselock::tool
