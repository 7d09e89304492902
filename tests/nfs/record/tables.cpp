#include "tables.hpp"

#include <array>
#include <cstdio>

namespace leaselock::nfs {
namespace {

constexpr std::size_t shown = 10;  // of each kind of complaint

template <class... Values>
void add(std::string& text, const char* format, Values... values) {
  std::array<char, 400> line{};
  std::snprintf(line.data(), line.size(), format, values...);
  text += line.data();
}

double seconds(double us) { return us / 1e6; }

std::string place(const HeldLock& hold) {
  std::string text;
  for (const HeldSlot& slot : hold.slots) {
    text += "slot " + std::to_string(slot.index) + " token " + std::to_string(slot.token) + ", ";
  }
  if (!text.empty()) return text.substr(0, text.size() - 2);
  return (hold.shared ? "shared, token " : "token ") + std::to_string(hold.token);
}

// Moments are told in seconds since the record began.
std::string interval(const Report& report, const HeldLock& hold) {
  std::string text = describe(hold);
  text += " (" + hold.mode + ", " + place(hold) + ')';
  add(text, " from %.6f s to %.6f s, %s", seconds(report.us(hold.first - report.begin)),
      seconds(report.us(hold.last - report.begin)), to_string(hold.ended).c_str());
  if (hold.ended != Ended::released && hold.ended != Ended::unseen) text += " (" + hold.error + ")";
  return text;
}

void add_rest(std::string& text, std::size_t all) {
  if (all > shown) add(text, "  and %zu more\n", all - shown);
}

void add_lines(std::string& text, const char* heading, const std::vector<std::string>& lines) {
  if (!lines.empty()) add(text, "%zu %s:\n", lines.size(), heading);
  for (std::size_t i = 0; i < lines.size() && i < shown; ++i) text += "  " + lines[i] + '\n';
  add_rest(text, lines.size());
}

void add_totals(std::string& text, const Report& report) {
  const double length = seconds(report.us(report.end - report.begin));
  const std::size_t holds = report.holds.size() - report.count(Ended::too_late);
  add(text, "%zu holds in %.1f s (%.1f a second), %zu overlaps, %zu crowds, %zu token faults, fairness %.2f\n", holds,
      length, length > 0 ? static_cast<double>(holds) / length : 0, report.overlaps.size(), report.crowds.size(),
      report.token_faults.size(), report.fairness);
  text += "ended:";
  for (const Ended ended : {Ended::released, Ended::lost, Ended::unlock_lost, Ended::unlock_failed, Ended::changed,
                            Ended::too_late, Ended::unseen}) {
    if (report.count(ended) > 0) add(text, " %s %zu", to_string(ended).c_str(), report.count(ended));
  }
  text += '\n';
  if (!report.errors.empty()) text += "errors:";
  for (const auto& [error, times] : report.errors) add(text, " %zu x %s;", times, error.c_str());
  if (!report.errors.empty()) text += '\n';
  if (report.torn > 0) add(text, "%zu lines cut off in the middle\n", report.torn);
}

}  // namespace

std::string table(const Report& report) {
  std::string text;
  add(text, "%-12s %-10s %-16s %6s %5s %7s %9s %13s %15s\n", "host", "worker", "mode", "holds", "lost", "unseen",
      "refreshes", "longest wait", "longest without");
  for (const Share& share : report.shares) {
    add(text, "%-12s %-10s %-16s %6zu %5zu %7zu %9llu %11.2f s %13.2f s\n", share.host.c_str(), share.name.c_str(),
        share.mode.c_str(), share.holds, share.lost, share.unseen, static_cast<unsigned long long>(share.refreshes),
        seconds(share.longest_wait_us), seconds(share.longest_without_us));
  }
  add_totals(text, report);
  return text;
}

std::string complaints(const Report& report) {
  std::vector<std::string> overlaps;
  for (const Overlap& overlap : report.overlaps) {
    std::string words = interval(report, overlap.earlier) + "\n    and " + interval(report, overlap.later);
    add(words, "\n    overlap by %.0f us (%llu cycles)", report.us(overlap.length),
        static_cast<unsigned long long>(overlap.length));
    overlaps.push_back(std::move(words));
  }
  std::vector<std::string> crowds;
  for (const Crowd& crowd : report.crowds) {
    std::string words = interval(report, crowd.latest);
    add(words, "\n    made it %llu of %llu slots", static_cast<unsigned long long>(crowd.taken),
        static_cast<unsigned long long>(crowd.latest.of));
    crowds.push_back(std::move(words));
  }
  std::vector<std::string> tokens;
  for (const TokenFault& fault : report.token_faults) {
    tokens.push_back(interval(report, fault.before) + "\n    then " + interval(report, fault.after));
  }
  std::string text;
  add_lines(text, "pairs of holds overlap", overlaps);
  add_lines(text, "holds began when there was no slot left", crowds);
  add_lines(text, "tokens did not grow", tokens);
  add_lines(text, "lines of the record were not understood", report.malformed);
  return text;
}

}  // namespace leaselock::nfs
