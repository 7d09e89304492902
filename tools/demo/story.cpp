#include "story.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace demo {
namespace {

struct Progress {
  std::optional<std::int64_t> waiting_since;
  std::optional<Hold> hold;
};

void apply(const Event& event, Progress& progress, Story& story) {
  if (progress.waiting_since && event.did != Did::wait) {
    story.waits.push_back({event.worker, *progress.waiting_since, event.at_ns});
    progress.waiting_since.reset();
  }
  if (event.did == Did::wait) progress.waiting_since = event.at_ns;
  if (event.did == Did::hold) {
    progress.hold.emplace();
    progress.hold->worker = event.worker;
    progress.hold->start_ns = event.at_ns;
    progress.hold->pid = event.pid;
    progress.hold->token = event.token;
    progress.hold->took_over = event.note == "expired" || event.note == "died";
  }
  if (progress.hold && (event.did == Did::done || event.did == Did::killed || event.did == Did::lost)) {
    progress.hold->end_ns = event.at_ns;
    progress.hold->killed = event.did == Did::killed;
    progress.hold->lost = event.did == Did::lost;
    story.holds.push_back(*progress.hold);
    progress.hold.reset();
  }
}

}  // namespace

Story tell(const std::vector<Event>& events, std::int64_t now_ns) {
  Story story;
  story.start_ns = events.empty() ? now_ns : events.front().at_ns;
  story.end_ns = now_ns;
  std::map<std::string, Progress> workers;
  for (const Event& event : events) {
    story.start_ns = std::min(story.start_ns, event.at_ns);
    apply(event, workers[event.worker], story);
  }
  for (auto& [worker, progress] : workers) {
    story.workers.push_back(worker);
    if (progress.waiting_since) story.waits.push_back({worker, *progress.waiting_since, now_ns});
    if (progress.hold) {
      progress.hold->end_ns = now_ns;
      progress.hold->running = true;
      story.holds.push_back(*progress.hold);
    }
  }
  std::ranges::sort(story.holds, {}, &Hold::start_ns);
  return story;
}

std::size_t count_overlaps(const std::vector<Hold>& holds) {
  std::size_t overlaps = 0;
  for (auto first = holds.begin(); first != holds.end(); ++first) {
    for (auto second = first + 1; second != holds.end(); ++second) {
      if (first->start_ns < second->end_ns && second->start_ns < first->end_ns) ++overlaps;
    }
  }
  return overlaps;
}

bool tokens_increase(const std::vector<Hold>& holds) {
  std::uint64_t last = 0;
  for (const Hold& hold : holds) {
    if (hold.token == 0) continue;
    if (hold.token <= last) return false;
    last = hold.token;
  }
  return true;
}

}  // namespace demo
