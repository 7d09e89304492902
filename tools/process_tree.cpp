#include "process_tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <set>
#include <sstream>

namespace leaselock::tool {

namespace {

/// Bounds the hunt where somebody outruns it; what was found by then is killed.
constexpr int most_rounds = 50;

std::string read_stat(pid_t pid) {
  const int file = open(("/proc/" + std::to_string(pid) + "/stat").c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::array<char, 1024> buffer{};
  const ssize_t length = read(file, buffer.data(), buffer.size());
  close(file);
  return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0))};
}

/// proc(5). A program's name may contain anything, so the fields are counted from the last closing parenthesis. Empty
/// for what only waits to be fetched by its parent: field 3 is the state, 20 the number of threads.
std::optional<Descendant> parse(pid_t pid, const std::string& stat) {
  const auto name_begin = stat.find('(');
  const auto name_end = stat.rfind(')');
  if (name_begin == std::string::npos || name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(stat.substr(name_end + 1));
  char state = '?';
  Descendant result{pid, -1, stat.substr(name_begin + 1, name_end - name_begin - 1)};
  fields >> state >> result.parent;
  long threads = 0;
  for (int number = 5; number <= 20; ++number) fields >> threads;
  const bool ended = (state == 'Z' || state == 'X') && threads <= 1;
  return fields && !ended ? std::optional(result) : std::nullopt;
}

std::vector<Descendant> all_processes() {
  std::vector<Descendant> result;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(opendir("/proc"), closedir);
  while (const dirent* entry = directory ? readdir(directory.get()) : nullptr) {
    const pid_t pid = std::atoi(entry->d_name);
    if (pid <= 0) continue;
    if (auto process = parse(pid, read_stat(pid))) result.push_back(std::move(*process));
  }
  return result;
}

}  // namespace

std::vector<Descendant> descendants_of(pid_t ancestor) {
  std::vector<Descendant> others = all_processes();
  std::set<pid_t> family{ancestor};
  std::vector<Descendant> result;
  // Children may be listed before their parents, so one pass is not enough.
  for (std::size_t known = 0; known != family.size();) {
    known = family.size();
    const auto found = std::partition(others.begin(), others.end(),
                                      [&](const Descendant& process) { return !family.contains(process.parent); });
    for (auto process = found; process != others.end(); ++process) family.insert(process->pid);
    result.insert(result.end(), found, others.end());
    others.erase(found, others.end());
  }
  return result;
}

bool is_stopped(pid_t pid) {
  const std::string stat = read_stat(pid);
  const auto name_end = stat.rfind(')');
  return name_end != std::string::npos && stat.substr(name_end).starts_with(") T");
}

std::optional<std::uint64_t> start_time(pid_t pid) {
  const std::string stat = read_stat(pid);
  if (stat.empty()) return std::nullopt;
  if (!parse(pid, stat)) return 0;
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  for (int number = 3; number <= 21; ++number) fields >> skipped;
  std::uint64_t start = 0;
  fields >> start;
  return fields ? std::optional(start) : std::nullopt;
}

// Process ids are given out in turn, so one that was listed just now is not somebody else's yet.
void signal_descendants(pid_t ancestor, int number, pid_t spared) {
  for (const Descendant& process : descendants_of(ancestor)) {
    if (process.pid != spared) kill(process.pid, number);
  }
}

void kill_descendants(pid_t ancestor, pid_t spared) {
  std::set<pid_t> killed;
  bool found_new = true;
  for (int round = 0; found_new && round < most_rounds; ++round) {
    found_new = false;
    for (const Descendant& process : descendants_of(ancestor)) {
      if (process.pid == spared || !killed.insert(process.pid).second) continue;
      kill(process.pid, SIGKILL);
      found_new = true;
    }
  }
}

}  // namespace leaselock::tool
