#include "storm.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <thread>
#include <tuple>
#include <vector>

#include "contest.hpp"
#include "record/tables.hpp"
#include "shared_cluster.hpp"

namespace leaselock::nfs {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t contenders = 32;
const std::vector<std::string> habits = {"--lifetime", "15", "--hold", "1000", "--idle", "0..20"};

struct Rival {
  std::string title;
  std::string mode;  ///< empty: flufl.lock
  Contest contest;
};

void start(Rival& rival, const std::string& version) {
  const std::string lockfile = make_directory("storm") + "/lock";
  for (std::size_t index = 0; index < contenders; ++index) {
    const std::size_t host = index % cluster_hosts;
    std::vector<std::string> words = habits;
    words.insert(words.end(), {"--seed", std::to_string(index + 1)});
    if (!rival.mode.empty()) words.insert(words.end(), {"--mode", rival.mode});
    const auto path = mounted(host, version, mount_kinds().front()) / lockfile;
    const std::string name = "w" + std::to_string(index);
    rival.mode.empty() ? rival.contest.start_flufl(host, name, path, words)
                       : rival.contest.start(host, name, path, words);
  }
}

std::string row(const std::string& title, const Report& report) {
  using Id = std::tuple<std::string, std::string, std::uint64_t>;
  std::set<Id> overlapping;
  Cycles longest = 0;
  for (const Overlap& overlap : report.overlaps) {
    for (const HeldLock* hold : {&overlap.earlier, &overlap.later}) {
      overlapping.insert({hold->host, hold->name, hold->sequence});
    }
    longest = std::max(longest, overlap.length);
  }
  std::size_t without = contenders;
  double longest_wait_us = 0;
  for (const Share& share : report.shares) {
    without -= share.holds > 0 ? 1 : 0;
    longest_wait_us = std::max(longest_wait_us, share.longest_wait_us);
  }
  std::array<char, 400> line{};
  std::snprintf(line.data(), line.size(), "| %s | %zu | %zu | %.2f s | %.0f s | %zu |\n", title.c_str(),
                report.holds.size(), overlapping.size(), report.us(longest) / 1e6, longest_wait_us / 1e6, without);
  return line.data();
}

}  // namespace

StormResult storm(std::chrono::seconds time, const std::string& version) {
  std::array<Rival, 3> rivals = {Rival{"flufl.lock as shipped", "", {}}, Rival{"ours, fenced", "fenced", {}},
                                 Rival{"ours, compat", "compat", {}}};
  for (std::size_t host = 0; host < cluster_hosts; ++host) mounted(host, version, mount_kinds().front());
  shared_cluster().set_round_trip(20ms);
  for (Rival& rival : rivals) start(rival, version);
  std::this_thread::sleep_for(time);
  for (Rival& rival : rivals) rival.contest.ask_to_finish();
  StormResult result;
  result.table = "| NFSv" + version +
                 " | holds | of these overlapped another | longest overlap | longest wait | never got it |\n"
                 "| --- | ---: | ---: | ---: | ---: | ---: |\n";
  for (Rival& rival : rivals) {
    if (!rival.contest.finish()) result.complaints += rival.title + ": a worker does not end\n";
    const Report report = rival.contest.report();
    result.table += row(rival.title, report);
    if (!rival.mode.empty()) result.complaints += complaints(report);
  }
  shared_cluster().set_round_trip(0ms);
  return result;
}

}  // namespace leaselock::nfs
