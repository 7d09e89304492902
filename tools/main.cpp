#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "exit_status.hpp"
#include "help_layout.hpp"
#include "leaselock/error.hpp"
#include "message.hpp"
#include "options.hpp"

namespace leaselock::tool {
namespace {

void describe_program(CLI::App& program, Invocation& invocation) {
  program.description("Locks for processes on any host that mounts the same directory, with leases.");
  program.formatter(std::make_shared<HelpLayout>("leaselock COMMAND [OPTIONS] LOCK..."));
  program.set_help_flag("-h,--help", "this text; after a command, the options of that command");
  program.set_version_flag("--version", "leaselock " LEASELOCK_VERSION, "the version of this program");
  program.require_subcommand(1);
  program.footer(
      "Examples:\n"
      "  leaselock run --timeout 60s /mnt/shared/db.lck -- ./migrate.sh\n"
      "  leaselock status /mnt/shared/db.lck\n"
      "  leaselock clean /mnt/shared\n"
      "TIME is written as 500ms, 15s, 2m or 1h30m.");
  add_run(program, invocation);
  add_status(program, invocation);
  add_top(program, invocation);
  add_break(program, invocation);
  add_clean(program, invocation);
  add_resize(program, invocation);
  add_doctor(program, invocation);
  add_verify(program, invocation);
}

/// CLI11 takes its arguments last first. What follows the first "--" of `run` belongs to the command it runs.
std::vector<std::string> arguments(int argc, char** argv, Invocation& invocation) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const auto dashes = std::find(words.begin(), words.end(), "--");
  if (dashes != words.end() && words.front() == "run") {
    invocation.dashes = true;
    invocation.after_dashes.assign(dashes + 1, words.end());
    words.erase(dashes, words.end());
  }
  std::reverse(words.begin(), words.end());
  return words;
}

int report_usage(const CLI::App& program, const CLI::ParseError& error) {
  const auto chosen = program.get_subcommands();
  const std::string command = chosen.empty() ? "leaselock" : "leaselock " + chosen.front()->get_name();
  const std::vector<std::string> unknown = program.remaining();
  say(chosen.empty() && !unknown.empty() ? "unknown command " + unknown.front() : error.what());
  say("see " + command + " --help");
  return exit_usage;
}

int invoke(int argc, char** argv) {
  Invocation invocation;
  CLI::App program;
  describe_program(program, invocation);
  if (argc < 2) {
    std::cerr << program.help();
    return exit_usage;
  }
  try {
    program.parse(arguments(argc, argv, invocation));
    return invocation.action();
  } catch (const CLI::Success& help_or_version) {
    return program.exit(help_or_version);
  } catch (const CLI::ParseError& error) {
    return report_usage(program, error);
  } catch (const std::system_error& error) {
    say(error.what());
    return exit_status_of(error.code());
  }
}

}  // namespace
}  // namespace leaselock::tool

int main(int argc, char** argv) {
  try {
    return leaselock::tool::invoke(argc, argv);
  } catch (const std::exception& error) {
    leaselock::tool::say(error.what());
    return leaselock::tool::exit_software;
  }
}
