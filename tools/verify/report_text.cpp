#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "leaselock/format_time.hpp"
#include "text.hpp"
#include "verify/report.hpp"

namespace leaselock::tool::verify {

namespace {

using Cells = std::array<std::string, 7>;

std::string rounded(double value, int decimals) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

Cells cells_of(const Row& row) {
  return {printable(row.host),
          printable(row.mount),
          std::to_string(row.worker),
          std::to_string(row.holds),
          rounded(row.share * 100, 1) + "%",
          format_duration(row.mean_wait),
          format_duration(row.longest_wait)};
}

/// Names to the left, numbers to the right.
std::string table(const std::vector<Row>& rows) {
  std::vector<Cells> lines{{"host", "mount", "worker", "holds", "share", "mean wait", "longest wait"}};
  for (const Row& row : rows) lines.push_back(cells_of(row));
  std::array<std::size_t, 7> widths{};
  for (const Cells& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
  }
  std::string text;
  for (const Cells& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::string padding(widths[i] - line[i].size(), ' ');
      text += (i < 2 ? line[i] + padding : padding + line[i]) + (i + 1 < line.size() ? "  " : "\n");
    }
  }
  return text;
}

std::string summary(const Findings& found) {
  std::string text;
  const auto add = [&text](const char* name, const std::string& value) {
    text += "  " + std::string(name) + std::string(25 - std::string_view(name).size(), ' ') + value + "\n";
  };
  add("holds", std::to_string(found.holds));
  add("overlaps, by clock", std::to_string(found.overlaps) + "   (holds of one host)");
  add("overlaps, at the server",
      found.no_links ? "not judged: no hard links" : std::to_string(found.meetings) + "   (holds of all hosts)");
  add("tokens out of order", std::to_string(found.disordered_tokens + found.repeated_tokens));
  add("leases lost early", std::to_string(found.lost_early));
  add("overstayed leases", std::to_string(found.overstayed));
  add("workers in trouble", std::to_string(found.troubles));
  add("fairness", rounded(found.fairness, 2) + "   (Jain's index: 1 is even)");
  return text;
}

std::string verdict_line(Outcome outcome, const Palette& palette) {
  switch (outcome) {
    case Outcome::clean:
      return palette.paint(Colour::green, "CLEAN: the lock excluded, and everybody got it.");
    case Outcome::broken:
      return palette.paint(Colour::red,
                           "BROKEN: the lock failed here. Do not rely on it in this directory with these options.");
    case Outcome::unproven:
      return palette.paint(Colour::yellow,
                           "UNPROVEN: no failure of the lock was proven, but the run was not as planned.");
  }
  return "";
}

}  // namespace

std::string as_text(const Findings& findings, const Verdict& verdict, const Palette& palette) {
  std::string text =
      table(findings.rows) + "\n" + summary(findings) + "\n" + verdict_line(verdict.outcome, palette) + "\n";
  for (const std::string& reason : verdict.reasons) text += "  - " + printable(reason) + "\n";
  for (const std::string& note : verdict.notes) text += "Note: " + printable(note) + ".\n";
  return text + printable(verdict.shown) + "\n" + printable(verdict.not_shown) + "\n";
}

}  // namespace leaselock::tool::verify
