#include <unistd.h>

#include <iostream>
#include <memory>

#include "doctor/interrupt.hpp"
#include "doctor/probes.hpp"
#include "doctor/report.hpp"
#include "exit_status.hpp"
#include "help_layout.hpp"
#include "message.hpp"
#include "options.hpp"
#include "terminal.hpp"

namespace leaselock::tool {
namespace {

struct DoctorOptions {
  std::string directory;
  bool as_json = false;
};

/// A line that the next one covers; a server that does not answer is then known by the step it hangs in.
void show_progress(const char* what) {
  if (is_live_terminal(STDERR_FILENO)) std::cerr << "\r\x1b[Kprobing " << what << " ..." << std::flush;
}

void clear_progress() {
  if (is_live_terminal(STDERR_FILENO)) std::cerr << "\r\x1b[K" << std::flush;
}

int exit_status_of(doctor::Verdict fenced) {
  if (fenced == doctor::Verdict::yes) return exit_ok;
  return fenced == doctor::Verdict::no ? exit_untrusted : exit_conditions;
}

int examine(const DoctorOptions& options) {
  try {
    const doctor::Facts facts = doctor::probe(options.directory, show_progress);
    clear_progress();
    const doctor::Diagnosis diagnosis = doctor::judge(facts);
    if (options.as_json) {
      std::cout << json_report(facts, diagnosis) << "\n";
    } else {
      print_report(std::cout, facts, diagnosis, Palette(STDOUT_FILENO));
    }
    std::cout.flush();
    return exit_status_of(diagnosis.fenced);
  } catch (const doctor::Interrupted& signal) {
    clear_progress();
    say("stopped before all was probed");
    return exit_signal_base + signal.signal_number;
  } catch (const std::system_error&) {
    clear_progress();
    throw;
  }
}

}  // namespace

void add_doctor(CLI::App& program, Invocation& invocation) {
  auto options = std::make_shared<DoctorOptions>();
  CLI::App& app = *program.add_subcommand("doctor", "Say whether locks in a directory can be trusted");
  app.formatter(std::make_shared<HelpLayout>("leaselock doctor [--json] DIR"));
  app.add_option("DIR", options->directory)->required();
  app.add_flag("--json", options->as_json, "one JSON object in one line");
  app.footer(
      "Looks at the mount, and tries links, renames, clocks and latency in a private\n"
      "directory that it makes in DIR and removes again. Touches no lock. What one host\n"
      "alone cannot see, it says; `leaselock verify` tries it from several.\n"
      "Exit status: 0 fenced locks can be trusted, 1 with conditions, 2 they cannot;\n"
      "64 wrong usage, 73, 74 or 77 when DIR cannot be probed, as for run.\n"
      "Examples:\n"
      "  leaselock doctor /mnt/shared\n"
      "  leaselock doctor --json /mnt/shared | jq .recommended");
  app.callback([&invocation, options] { invocation.action = [options] { return examine(*options); }; });
}

}  // namespace leaselock::tool
