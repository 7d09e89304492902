#include "margins.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>
#include <map>

namespace leaselock::nfs {
namespace {

constexpr std::size_t shown = 10;
/// Of a `leaselock run` whose lease was lost: a busy host may be too slow for the second one, too.
constexpr int exit_lost = 76;

/// Numbers in order, of which the least, the hundredth part and the middle are told.
class Distribution {
 public:
  explicit Distribution(std::vector<double> us) : us_(std::move(us)) { std::ranges::sort(us_); }

  std::string cells() const { return cell(0) + cell(0.01) + cell(0.5); }

 private:
  std::string cell(double part) const {
    if (us_.empty()) return " - |";
    std::array<char, 40> text{};
    const auto index = static_cast<std::size_t>(part * static_cast<double>(us_.size() - 1));
    std::snprintf(text.data(), text.size(), " %.2f s |", us_[index] / 1e6);
    return text.data();
  }

  std::vector<double> us_;
};

using Key = std::function<std::string(const Outcome&)>;

/// Both processes of the first `run` were stopped for so long that nobody could act in time: the host was too busy to
/// let them go on when they should.
bool was_stopped_too_long(const Outcome& outcome) {
  const double longest_us = static_cast<double>(outcome.trial.stopped_for.count()) * 1e3 + 500e3;
  return outcome.trial.fate == Fate::both_stopped &&
         static_cast<double>(outcome.stopped) / cycles_per_us() > longest_us;
}

/// Its lease ended, or nobody kept it any more.
bool was_to_be_killed(const Outcome& outcome) { return outcome.first_status != 0; }

std::string row(const std::string& title, const std::vector<const Outcome*>& outcomes) {
  const double rate = cycles_per_us();
  std::vector<double> before_deadline;
  std::vector<double> margins;
  std::vector<double> gone_margins;
  std::size_t killed = 0;
  std::size_t overlaps = 0;
  std::size_t hung = 0;
  for (const Outcome* outcome : outcomes) {
    const auto margin = outcome->seen.margin_us(rate);
    if (!margin || was_stopped_too_long(*outcome)) continue;
    const double gone = *outcome->seen.gone_margin_us(rate);
    overlaps += *margin < 0 ? 1 : 0;
    hung += *margin >= 0 && gone < 0 ? 1 : 0;
    margins.push_back(*margin);
    if (gone >= 0) gone_margins.push_back(gone);
    if (!was_to_be_killed(*outcome)) continue;
    ++killed;
    if (outcome->deadline) before_deadline.push_back(*outcome->seen.us_before(*outcome->deadline, rate));
  }
  const std::size_t runs = margins.size();
  return "| " + title + " | " + std::to_string(runs) + " | " + std::to_string(killed) + " | " +
         std::to_string(overlaps) + " | " + std::to_string(hung) + " |" +
         Distribution(std::move(before_deadline)).cells() + Distribution(std::move(margins)).cells() +
         Distribution(std::move(gone_margins)).cells() + '\n';
}

std::string rows(const std::vector<Outcome>& outcomes, const Key& key) {
  std::map<std::string, std::vector<const Outcome*>> groups;
  for (const Outcome& outcome : outcomes) groups[key(outcome)].push_back(&outcome);
  std::string text;
  for (const auto& [title, group] : groups) text += row(title, group);
  return text;
}

/// A process that hangs in a request to the file system is not gone before that answers, killed or not; it does nothing
/// more itself.
bool may_stay(const Outcome& outcome) { return outcome.trial.nature == Nature::writes; }

std::string complaint_about(const Outcome& outcome) {
  const auto margin = outcome.seen.margin_us(cycles_per_us());
  if (!margin) return "one of the two never ran";
  const double gone = *outcome.seen.gone_margin_us(cycles_per_us());
  std::array<char, 120> text{};
  if (was_stopped_too_long(outcome)) return {};
  if (*margin < 0) {
    std::snprintf(text.data(), text.size(), "the first was alive %.1f ms after the second had started", *margin / -1e3);
  } else if (gone < 0 && !may_stay(outcome)) {
    std::snprintf(text.data(), text.size(), "the first was not gone until %.1f ms after the second had started",
                  gone / -1e3);
  } else if (outcome.second_status != 0 && outcome.second_status != exit_lost) {
    return "the second `leaselock run` failed";
  }
  return text.data();
}

}  // namespace

std::string complaints(const std::vector<Outcome>& outcomes) {
  std::string text;
  std::size_t count = 0;
  for (const Outcome& outcome : outcomes) {
    const std::string complaint = complaint_about(outcome);
    if (complaint.empty() || ++count > shown) continue;
    text += to_string(outcome.blow) + ", " + describe(outcome.trial) + ":\n  " + complaint + '\n';
    for (const std::string& message : outcome.messages) text += "    " + message + '\n';
  }
  if (count > shown) text += "and " + std::to_string(count - shown) + " more\n";
  return text;
}

std::string margins_table(const std::vector<Outcome>& outcomes) {
  return "| | runs | first ended by `run` | both alive | first hung | lease's end after the first's last sign of life: "
         "least | "
         "1 % | median | second's start after that: least | 1 % | median | and after the kernel had done with the "
         "first: least | 1 % | median |\n"
         "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n" +
         rows(outcomes, [](const Outcome& outcome) { return "NFSv" + outcome.trial.version; }) +
         rows(outcomes, [](const Outcome& outcome) { return "command " + to_string(outcome.trial.nature); }) +
         rows(outcomes, [](const Outcome& outcome) { return "`run`: " + to_string(outcome.trial.fate); }) +
         rows(outcomes,
              [](const Outcome& outcome) {
                return outcome.control_groups ? "with control groups" : "without control groups";
              }) +
         rows(outcomes, [](const Outcome& outcome) { return to_string(outcome.blow); }) +
         rows(outcomes, [](const Outcome& outcome) { return outcome.ran_out ? "lease ran out" : "lock given back"; });
}

}  // namespace leaselock::nfs
