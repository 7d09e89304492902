#include <algorithm>
#include <ostream>

#include "doctor/report.hpp"
#include "doctor/words.hpp"
#include "message.hpp"
#include "text.hpp"

namespace leaselock::tool::doctor {

namespace {

std::string padded(const std::string& text, std::size_t width) {
  return text + std::string(width > text.size() ? width - text.size() : 1, ' ');
}

Colour colour_of(Verdict verdict) {
  return verdict == Verdict::yes ? Colour::green : verdict == Verdict::no ? Colour::red : Colour::yellow;
}

std::string headline(Verdict fenced) {
  switch (fenced) {
    case Verdict::yes:
      return "locks can be trusted here";
    case Verdict::conditions:
      return "locks can be trusted here with conditions";
    case Verdict::no:
      break;
  }
  return "locks cannot be trusted here";
}

/// The subjects of the findings that keep a mode from a plain yes.
std::string because(const Diagnosis& diagnosis, Verdict Finding::*mode) {
  std::string subjects;
  for (const Finding& finding : diagnosis.findings) {
    if (finding.*mode == Verdict::yes) continue;
    subjects += (subjects.empty() ? ": see " : ", ") + finding.subject;
  }
  return subjects;
}

void print_mode(std::ostream& out, const std::string& name, Verdict verdict, const std::string& reasons,
                const Palette& palette) {
  out << "  " << padded(name, 11) << palette.paint(colour_of(verdict), to_string(verdict)) << reasons << "\n";
}

void print_finding(std::ostream& out, const Finding& finding, std::size_t width, const Palette& palette) {
  const Verdict worst = std::max(finding.fenced, finding.compat);
  const bool plain = worst == Verdict::yes && finding.advice.empty();
  const bool bad = finding.fenced == Verdict::no;
  const std::string mark = plain ? "ok  " : bad ? "bad " : "note";
  out << "  "
      << palette.paint(plain ? Colour::green
                       : bad ? Colour::red
                             : Colour::yellow,
                       mark)
      << "  " << padded(finding.subject, width) << printable(finding.text) << "\n";
  if (!finding.advice.empty()) out << std::string(8 + width, ' ') << "-> " << printable(finding.advice) << "\n";
}

void print_settings(std::ostream& out, const Facts& facts, const Settings& settings) {
  LockOptions options;
  options.mirror = settings.mirror;
  const std::string command =
      command_for("run --lifetime " + option_duration(settings.lifetime), facts.directory + "/NAME.lck", options);
  out << "recommended\n  lifetime " << option_duration(settings.lifetime) << ", refreshed every "
      << option_duration(settings.refresh) << "; none below " << option_duration(settings.shortest_lifetime) << "\n  "
      << printable(command) << " -- COMMAND\n";
  if (settings.stamp_error)
    out << "  in C++: LockOptions::stamp_error = " << option_duration(*settings.stamp_error) << "\n";
  if (settings.grace) out << "  in C++: LockOptions::grace = " << option_duration(*settings.grace) << "\n";
  if (!settings.trust_server_clock) out << "  in C++: LockOptions::trust_server_clock = false\n";
}

}  // namespace

void print_report(std::ostream& out, const Facts& facts, const Diagnosis& diagnosis, const Palette& palette) {
  out << printable(facts.directory) << ": " << palette.paint(colour_of(diagnosis.fenced), headline(diagnosis.fenced))
      << "\n\n";
  print_mode(out, "fenced", diagnosis.fenced, because(diagnosis, &Finding::fenced), palette);
  print_mode(out, "compat", diagnosis.compat, because(diagnosis, &Finding::compat), palette);
  print_mode(out, "fast path", diagnosis.fast_path, because(diagnosis, &Finding::fast_path), palette);
  std::size_t width = 0;
  for (const Finding& finding : diagnosis.findings) width = std::max(width, finding.subject.size() + 2);
  out << "\nfound\n";
  for (const Finding& finding : diagnosis.findings) print_finding(out, finding, width, palette);
  out << "\n";
  print_settings(out, facts, diagnosis.settings);
  out << "\nnot to be seen from this host alone\n";
  for (const std::string& text : diagnosis.unproven) out << "  " << text << "\n";
}

}  // namespace leaselock::tool::doctor
