#include "batch_record.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "record/line.hpp"

namespace leaselock::nfs {
namespace {

const std::string begins = " begins";
const std::string in_slot = "slot ";
const std::string said_by_us = "batch: ";

std::optional<std::size_t> number_at(const std::string& text, std::size_t begin) {
  std::size_t value = 0;
  const char* const end = text.data() + text.size();
  if (begin >= text.size() || std::from_chars(text.data() + begin, end, value).ec != std::errc()) return std::nullopt;
  return value;
}

}  // namespace

std::string to_string(RunEnd end) {
  switch (end) {
    case RunEnd::done:
      return "done";
    case RunEnd::not_done:
      return "not done";
    case RunEnd::crashed:
      return "crashed";
    case RunEnd::unseen:
      return "unseen";
  }
  return {};
}

std::size_t job_of(const std::string& name) { return number_at(name, 0).value_or(0); }
bool is_once(const std::string& name) { return name.substr(0, name.find('@')).ends_with(".once"); }

void BatchRecord::add_sighting(const std::string& host, std::string_view text) {
  const Line line = parse_line(text);
  if (line.kind != Line::Kind::event) return;
  if (line.event == "began") {
    JobRun& run = runs_.emplace_back();
    run.job = line.sequence;
    run.host = host;
    run.pid = line.number("pid");
    run.first = line.number("first");
  } else if (line.event == "gone") {
    const std::uint64_t pid = line.number("pid");
    const auto run = std::ranges::find_if(
        runs_, [&](const JobRun& alive) { return alive.last == 0 && alive.host == host && alive.pid == pid; });
    if (run != runs_.end()) run->last = line.number("last");
  }
}

void BatchRecord::add_message(const std::string& host, const std::string& text) {
  const std::size_t end = text.find(begins);
  if (!text.starts_with(said_by_us) || end == std::string::npos) return;
  const std::string attempt = text.substr(said_by_us.size(), end - said_by_us.size());
  const std::size_t slot = text.rfind(in_slot);
  beginnings_[{host, job_of(attempt)}].push_back(
      {attempt, slot == std::string::npos ? std::nullopt : number_at(text, slot + in_slot.size())});
}

void BatchRecord::crash(Cycles at, const std::string& host) {
  mark(at, host, "crash");
  for (JobRun& run : runs_) {
    if (run.host != host || run.last != 0) continue;
    run.last = at;
    run.end = RunEnd::crashed;
  }
}

/// The nth run of a job on a host belongs to the nth beginning of it that the scripts told there.
void BatchRecord::settle() {
  std::ranges::sort(runs_, {}, &JobRun::first);
  std::map<std::pair<std::string, std::size_t>, std::size_t> told;
  for (JobRun& run : runs_) {
    const auto& all = beginnings_[{run.host, run.job}];
    const std::size_t nth = told[{run.host, run.job}]++;
    if (nth < all.size()) {
      run.attempt = all[nth].attempt;
      run.slot = all[nth].slot;
    }
    // A witness may not have come to say that a run had ended before its host crashed.
    if (std::ranges::count(files("done"), run.attempt) == 1) {
      run.end = RunEnd::done;
    } else if (run.last != 0 && run.end != RunEnd::crashed) {
      run.end = RunEnd::not_done;
    }
  }
}

const std::vector<std::string>& BatchRecord::files(const std::string& place) const {
  static const std::vector<std::string> none;
  const auto found = files_.find(place);
  return found == files_.end() ? none : found->second;
}

std::size_t BatchRecord::most_at_once() const {
  std::size_t most = 0;
  for (const JobRun& later : runs_) {
    // Whoever was alive when the later one began; one whose end nobody saw is taken to live for ever.
    most = std::max(most, static_cast<std::size_t>(std::ranges::count_if(runs_, [&](const JobRun& run) {
                      return run.first <= later.first && (run.last == 0 || run.last >= later.first);
                    })));
  }
  return most;
}

std::string BatchRecord::complaints_about_job(std::size_t job) const {
  std::string found;
  std::size_t count = 0;
  std::string name;
  for (const char* const place : places) {
    for (const std::string& file : files(place)) {
      if (job_of(file) != job) continue;
      ++count;
      name = file;
      found += std::string(" ") + place + "/" + file;
    }
  }
  const std::string title = "job " + std::to_string(job);
  if (count != 1) return title + " is in " + std::to_string(count) + " places:" + found + "\n";
  const auto of_job = [job](const JobRun& run) { return run.job == job; };
  const auto counts = [&](const JobRun& run) { return run.job == job && run.end == RunEnd::done; };
  const auto runs = std::ranges::count_if(runs_, of_job);
  const auto good = std::ranges::count_if(runs_, counts);
  const bool in_done = found.starts_with(" done/");
  if (!in_done && !found.starts_with(" lost/")) return title + " was not worked off:" + found + "\n";
  if (good != (in_done ? 1 : 0)) return title + " has " + std::to_string(good) + " runs that count:" + found + "\n";
  if (is_once(name) && runs > 1) return title + ", to be begun once, was begun " + std::to_string(runs) + " times\n";
  if (!is_once(name) && !in_done) return title + " was given up, but it could have been run again\n";
  return {};
}

std::string BatchRecord::complaints() const {
  std::string text;
  if (most_at_once() > most_) text += std::to_string(most_at_once()) + " runs were alive at once\n";
  for (std::size_t job = 1; job <= jobs_; ++job) text += complaints_about_job(job);
  for (const std::string& leftover : files("markers")) text += "a marker is left: " + leftover + "\n";
  for (const JobRun& run : runs_) {
    if (run.end == RunEnd::unseen) text += "nobody saw the end of a run of job " + std::to_string(run.job) + "\n";
  }
  return text;
}

}  // namespace leaselock::nfs
