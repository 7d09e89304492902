#include <unistd.h>

#include <boost/json/serialize.hpp>
#include <iostream>
#include <memory>

#include "doctor/interrupt.hpp"
#include "exit_status.hpp"
#include "help_layout.hpp"
#include "message.hpp"
#include "options.hpp"
#include "verify/gathering.hpp"
#include "verify/report.hpp"
#include "verify/run.hpp"

namespace leaselock::tool {
namespace {

using verify::VerifyOptions;

int exit_status_of(const verify::Contest& contest, const verify::Findings& findings, verify::Outcome outcome) {
  if (outcome == verify::Outcome::clean) return exit_ok;
  if (outcome == verify::Outcome::broken) return exit_overlap;
  for (const verify::HostRecord& record : contest.records) {
    for (const verify::WorkerRecord& worker : record.workers) {
      if (findings.holds == 0 && worker.status != 0) return worker.status;
    }
  }
  return exit_unproven;
}

int report(const VerifyOptions& options, const verify::Contest& contest) {
  const verify::Findings findings = analyse(contest.records, contest.records.size() == contest.members.size());
  const verify::Verdict verdict = judge(contest, findings);
  if (options.as_json) {
    std::cout << boost::json::serialize(as_json(contest, findings, verdict)) << "\n";
  } else if (!options.quiet) {
    std::cout << as_text(findings, verdict, Palette(STDOUT_FILENO));
  }
  std::cout.flush();
  return exit_status_of(contest, findings, verdict.outcome);
}

int hammer(const VerifyOptions& options) {
  try {
    const doctor::InterruptWatch watch;
    const std::optional<verify::Contest> contest = run(options);
    return contest ? report(options, *contest) : exit_not_now;
  } catch (const doctor::Interrupted& signal) {
    say("stopped before the end; no verdict");
    return exit_signal_base + signal.signal_number;
  } catch (const verify::NotNow& error) {
    say(error.what());
    return exit_not_now;
  } catch (const std::invalid_argument& error) {
    say(error.what());
    return exit_usage;
  }
}

/// It becomes part of a file name.
std::string check_name(const std::string& name) {
  constexpr const char* allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  const bool good = !name.empty() && name.size() <= 64 && name.find_first_not_of(allowed) == std::string::npos;
  return good ? "" : "a name has up to 64 letters, digits, '-', '_' and '.'";
}

CLI::Validator from_one_to(int last) { return CLI::Range(1, last).description(""); }

void add_numbers(CLI::App& app, VerifyOptions& options) {
  app.add_option("--workers", options.workers, "processes on this host; 4 unless given")
      ->type_name("N")
      ->check(from_one_to(256));
  app.add_option("--holds", options.holds, "end when each worker had so many holds")
      ->type_name("N")
      ->check(from_one_to(1'000'000));
  const auto set_limit = [&options](Duration limit) {
    if (limit <= Duration::zero()) throw CLI::ValidationError("a run takes some time");
    options.limit = limit;
  };
  add_duration(app, "--seconds", set_limit, "of the run; 20s, or with --holds at most 5m");
  add_duration(
      app, "--hold", [&options](Duration hold) { options.hold = hold; }, "length of a hold; 10ms unless given");
  add_duration(
      app, "--lifetime", [&options](Duration lifetime) { options.lock.lifetime = lifetime; }, "of the lock; 15s");
}

}  // namespace

void add_verify(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App& app = *program.add_subcommand("verify", "Hammer a scratch lock and check that it excludes");
  app.formatter(std::make_shared<HelpLayout>("leaselock verify [OPTIONS] DIR..."));
  app.add_option("DIR", options->directories)->required();
  CLI::Option* join = app.add_option("--join", options->name, "meet other hosts that were given this name")
                          ->type_name("NAME")
                          ->check(check_name);
  app.add_option("--hosts", options->hosts, "so many hosts take part; 2 unless given")
      ->type_name("N")
      ->check(from_one_to(64))
      ->needs(join);
  add_duration(
      app, "--wait", [options](Duration wait) { options->wait = wait; }, "for the other hosts; 60s unless given")
      ->needs(join);
  add_numbers(app, *options);
  app.add_flag("--json", options->as_json, "the result as one JSON object");
  app.add_flag("-q,--quiet", options->quiet, "print errors only");
  add_shared_options(app, options->lock);
  app.footer(
      "Several DIRs are one directory through several mounts. Exit status: 0 clean,\n"
      "1 the lock failed, 2 not proven, 75 too few hosts came; others as for run.\n"
      "Example: leaselock verify --join try1 /mnt/shared   # on two hosts at once");
  app.callback([&invocation, options] { invocation.action = [options] { return hammer(*options); }; });
}

}  // namespace leaselock::tool
