#include "record.hpp"

#include <algorithm>

#include "line.hpp"

namespace leaselock::nfs {
namespace {

std::optional<Ended> ended_in_words(const std::string& how) {
  for (const Ended ended : {Ended::released, Ended::lost, Ended::unlock_lost, Ended::unlock_failed, Ended::changed}) {
    if (how == to_string(ended)) return ended;
  }
  return std::nullopt;
}

// "0:17,1:18": each slot with its token.
std::optional<std::vector<HeldSlot>> slots_in(std::string_view text) {
  std::vector<HeldSlot> slots;
  for (;;) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view slot = text.substr(0, comma);
    const std::size_t colon = std::min(slot.find(':'), slot.size() - 1);
    const auto index = number_in(slot.substr(0, colon));
    const auto token = number_in(slot.substr(colon + 1));
    if (!index || !token) return std::nullopt;
    slots.push_back({*index, *token});
    if (comma == text.size()) return slots;
    text.remove_prefix(comma + 1);
  }
}

// Which part of it is held and how, where that is told. False: not understood.
bool read_place(HeldLock& hold, const Line& line) {
  if (line.values.contains("shared")) hold.shared = line.text("shared") == "1";
  if (!line.values.contains("slots")) return true;
  const auto slots = slots_in(line.values.at("slots"));
  const auto of = number_in(line.values.contains("of") ? line.values.at("of") : "");
  if (!slots || !of) return false;
  hold.slots = *slots;
  hold.of = *of;
  return true;
}

}  // namespace

void Record::add_line(const std::string& host, std::string_view text) {
  const Line line = parse_line(text);
  switch (line.kind) {
    case Line::Kind::other:
      if (!text.empty()) notes_.push_back(host + ": " + std::string(text));
      return;
    case Line::Kind::torn:
      ++torn_;
      return;
    case Line::Kind::malformed:
      malformed_.push_back(host + ": " + std::string(text));
      return;
    case Line::Kind::event:
      break;
  }
  ++events_;
  const Cycles now = line.number("tsc");
  begin_ = begin_ == 0 ? now : std::min(begin_, now);
  end_ = std::max(end_, now);
  Worker& worker = workers_[host + '/' + std::string(line.name)];
  if (worker.share.name.empty()) {
    worker.share.host = host;
    worker.share.name = line.name;
  }
  if (!take(worker, line)) malformed_.push_back(host + ": out of order: " + std::string(text));
  worker.seen = std::max(worker.seen, now);
}

bool Record::take(Worker& worker, const Line& line) {
  if (line.event == "ready") {
    begin_life(worker, line);
    return true;
  }
  if (!worker.alive) return false;
  if (line.event == "held" || line.event == "held-too-late") {
    if (worker.holding) return false;
    return begin_hold(worker, line);
  } else if (line.event == "lock-failed") {
    count_error("lock", line);
    worker.share.longest_wait_us =
        std::max(worker.share.longest_wait_us, static_cast<double>(line.number("waited_us")));
  } else if (line.event == "waiting") {
    worker.share.longest_wait_us =
        std::max(worker.share.longest_wait_us, static_cast<double>(line.number("waited_us")));
  } else if (line.event == "done") {
    note_gap(worker, line.number("tsc"));
    worker.alive = false;
  } else {
    return go_on(worker, line);
  }
  return true;
}

void Record::begin_life(Worker& worker, const Line& line) {
  if (worker.alive) note_gap(worker, worker.seen);
  worker.alive = true;
  worker.hold.reset();
  worker.holding = false;
  worker.share.mode = line.text("mode");
  worker.without_since = line.number("tsc");
}

bool Record::begin_hold(Worker& worker, const Line& line) {
  HeldLock hold;
  hold.host = worker.share.host;
  hold.name = worker.share.name;
  hold.mode = worker.share.mode;
  hold.sequence = line.sequence;
  hold.token = line.number("token");
  hold.first = hold.last = line.number("tsc");
  hold.waited_us = static_cast<double>(line.number("waited_us"));
  hold.left_us = static_cast<double>(line.number("left_us"));
  hold.predecessor = line.text("pred");
  if (!read_place(hold, line)) return false;
  if (line.event == "held-too-late") hold.ended = Ended::too_late;
  worker.share.longest_wait_us = std::max(worker.share.longest_wait_us, hold.waited_us);
  if (hold.ended != Ended::too_late) note_gap(worker, hold.first);
  worker.hold = holds_.size();
  worker.holding = true;
  holds_.push_back(std::move(hold));
  return true;
}

// The lines of a hold. What giving back a lost lock answered comes after its end, everything else before.
bool Record::go_on(Worker& worker, const Line& line) {
  const bool after_end = line.event == "gave-back";
  if (!worker.hold || worker.holding == after_end) return false;
  HeldLock& hold = holds_[*worker.hold];
  if (hold.sequence != line.sequence) return false;
  if (line.event == "still") {
    hold.last = std::max(hold.last, line.number("tsc"));
  } else if (line.event == "refreshed") {
    ++hold.refreshes;
  } else if (line.event == "refresh-failed") {
    count_error("refresh", line);
  } else if (line.event == "change-failed") {
    count_error("change", line);
  } else if (line.event == "gave-back") {
    hold.gave_back = line.text("error");
  } else {
    return end_hold(worker, hold, line);
  }
  return true;
}

bool Record::end_hold(Worker& worker, HeldLock& hold, const Line& line) {
  const auto how = ended_in_words(line.text("how"));
  if (!how) return false;
  worker.holding = false;
  hold.error = line.text("error");
  if (*how != Ended::released && *how != Ended::changed) count_error("end " + to_string(*how), line);
  if (hold.ended == Ended::too_late) return true;
  hold.ended = *how;
  hold.last = std::max(hold.last, line.number("last"));
  worker.without_since = hold.last;
  return true;
}

// Called at the end of every time without a hold.
void Record::note_gap(Worker& worker, Cycles until) const {
  if (worker.holding || until < worker.without_since) return;
  const double gap_us = static_cast<double>(until - worker.without_since) / cycles_per_us_;
  worker.share.longest_without_us = std::max(worker.share.longest_without_us, gap_us);
}

void Record::count_error(const std::string& where, const Line& line) { ++errors_[where + ' ' + line.text("error")]; }

Report Record::report() const {
  Report report;
  report.cycles_per_us = cycles_per_us_;
  report.begin = begin_;
  report.end = end_;
  report.holds = holds_;
  std::ranges::stable_sort(report.holds, {}, &HeldLock::first);
  report.overlaps = overlaps_among(report.holds);
  report.crowds = crowds_among(report.holds);
  report.token_faults = token_faults_among(report.holds);
  report.errors = errors_;
  report.marks = marks_;
  report.malformed = malformed_;
  report.notes = notes_;
  report.torn = torn_;
  report.events = events_;
  std::vector<std::size_t> shares;
  for (auto [key, worker] : workers_) {
    if (worker.alive) note_gap(worker, worker.seen);
    for (const HeldLock& hold : holds_) {
      if (hold.host != worker.share.host || hold.name != worker.share.name) continue;
      if (hold.ended != Ended::too_late) ++worker.share.holds;
      if (hold.ended == Ended::lost || hold.ended == Ended::unlock_lost) ++worker.share.lost;
      if (hold.ended == Ended::unseen) ++worker.share.unseen;
      worker.share.refreshes += hold.refreshes;
    }
    shares.push_back(worker.share.holds);
    report.shares.push_back(worker.share);
  }
  report.fairness = fairness_of(shares);
  return report;
}

std::size_t Report::count(Ended ended) const {
  return static_cast<std::size_t>(std::ranges::count(holds, ended, &HeldLock::ended));
}

}  // namespace leaselock::nfs
