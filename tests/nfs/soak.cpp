// The long run: contests on every NFS version at once, with every way to mount, under faults, for as long as one likes.
// tests/nfs/soak builds and starts it. Each round has a seed of its own, which decides its faults. Or, with --storm:
// the storm in which Python's flufl.lock is seen to fail, on it and on ours.

#include <algorithm>
#include <boost/algorithm/string/split.hpp>
#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "chaos.hpp"
#include "cluster/requirements.hpp"
#include "cluster/sandbox.hpp"
#include "fleet.hpp"
#include "record/picture.hpp"
#include "record/tables.hpp"
#include "storm.hpp"

namespace leaselock::nfs {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

struct Totals {
  std::size_t holds = 0;
  std::size_t overlaps = 0;
  std::size_t token_faults = 0;
  std::size_t lost = 0;
  std::size_t unseen = 0;
  double longest_wait_s = 0;
};

class Soak {
 public:
  /// Plays only what has one of `modes`; without any: everything.
  Soak(std::chrono::minutes length, boost::filesystem::path traces, std::vector<std::string> modes)
      : end_(steady_clock::now() + length), traces_(std::move(traces)), modes_(std::move(modes)) {}

  /// True if nothing was wrong.
  bool run(std::uint64_t seed) {
    for (; steady_clock::now() < end_; ++seed) {
      std::cout << "seed " << seed << ", mounts: " << (kind_of(seed) ? kind_of(seed)->name : "each another")
                << std::endl;
      if (!play_all(seed)) {
        std::cout << "FAILED at seed " << seed << "; again: tests/nfs/soak --minutes 5 --seed " << seed << std::endl;
        return false;
      }
      print();
    }
    return true;
  }

  void print() const {
    std::cout
        << "| contests | holds | overlaps | tokens out of order | lost in time | holder crashed | longest wait |\n"
           "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n";
    for (const auto& [title, total] : totals_) {
      std::cout << "| " << title << " | " << total.holds << " | " << total.overlaps << " | " << total.token_faults
                << " | " << total.lost << " | " << total.unseen << " | " << total.longest_wait_s << " s |\n";
    }
    for (const auto& [fault, count] : faults_) std::cout << to_string(fault) << ": " << count << "; ";
    std::cout << std::endl;
  }

 private:
  static std::optional<MountKind> kind_of(std::uint64_t seed) {
    const std::size_t index = seed % (mount_kinds().size() + 1);
    if (index == mount_kinds().size()) return std::nullopt;
    return mount_kinds()[index];
  }

  FleetPlan plan(std::uint64_t seed, std::vector<std::string> modes, std::vector<std::string> words) const {
    FleetPlan plan;
    plan.modes = std::move(modes);
    plan.workers_per_host = 2;
    plan.kind = kind_of(seed);
    plan.words = std::move(words);
    plan.seed = seed;
    plan.traces = traces_;
    return plan;
  }

  /// Locks, and what several may hold, each at a time of its own, so that the processors are enough for both.
  bool play_all(std::uint64_t seed) {
    const auto locks = chosen({"fenced", "fenced-no-mirror"});
    const auto places = chosen({"slots-2", "shared"});
    return (locks.empty() || fenced_chaos(seed, locks)) && (places.empty() || fenced_chaos(seed, places)) &&
           (chosen({"compat"}).empty() || compat_chaos(seed)) &&
           crowd(seed, chosen({"fenced", "fenced-no-mirror", "compat"})) && crowd(seed, places);
  }

  std::vector<std::string> chosen(const std::vector<std::string>& modes) const {
    std::vector<std::string> chosen;
    std::ranges::copy_if(modes, std::back_inserter(chosen), [this](const std::string& mode) {
      return modes_.empty() || std::ranges::find(modes_, mode) != modes_.end();
    });
    return chosen;
  }

  bool fenced_chaos(std::uint64_t seed, const std::vector<std::string>& modes) {
    set_drift(0, 10000);
    set_drift(1, -10000);
    Fleet fleet(
        plan(seed, modes,
             {"--lifetime", "5", "--hold", "1..1500", "--idle", "0..300", "--refresh", "--drift-ppm", "25000"}));
    const bool fine = play(fleet, seed, limits_of_fenced(), 90s, [](std::size_t host) {
      if (host < 2) set_drift(host, host == 0 ? 10000 : -10000);
    });
    set_drift(0, 0);
    set_drift(1, 0);
    return fine;
  }

  bool compat_chaos(std::uint64_t seed) {
    Fleet fleet(plan(seed, {"compat"}, {"--hold", "1..200", "--idle", "0..100"}));
    return play(fleet, seed, limits_of_compat(), 30s, [](std::size_t) {});
  }

  /// No faults, but many at once, and a round trip of 0, 5 or 20 ms.
  bool crowd(std::uint64_t seed, const std::vector<std::string>& modes) {
    if (modes.empty()) return true;
    constexpr std::chrono::microseconds round_trips[] = {0ms, 5ms, 20ms};
    FleetPlan crowd = plan(seed, modes, {"--hold", "1..20", "--idle", "0..20"});
    crowd.workers_per_host = 4;
    shared_cluster().set_round_trip(round_trips[seed % 3]);
    Fleet fleet(crowd);
    std::this_thread::sleep_for(30s);
    shared_cluster().set_round_trip(0ms);
    return judge(fleet, seed, "");
  }

  static void set_drift(std::size_t host, int ppm) { shared_cluster().host(host).set_drift(ppm); }

  bool play(Fleet& fleet, std::uint64_t seed, const ChaosLimits& limits, std::chrono::seconds time,
            const std::function<void(std::size_t)>& after_boot) {
    Chaos chaos(seed, limits, 3, fleet.contests(), [&](std::size_t host) {
      fleet.mount_on(host);
      after_boot(host);
    });
    chaos.run(time);
    for (const auto& [fault, count] : chaos.counts()) faults_[fault] += count;
    return judge(fleet, seed, fleet.wait_for_progress(90s));
  }

  bool judge(Fleet& fleet, std::uint64_t seed, std::string complaint) {
    if (!fleet.finish()) complaint += "a worker does not end\n";
    complaint += fleet.complaints();
    for (std::size_t index = 0; index < fleet.contests().size(); ++index) {
      const Report report = fleet.contests()[index]->report();
      add(fleet.title(index), report);
      if (complaint.empty()) continue;
      const std::string file = "soak-" + std::to_string(seed) + "-" + std::to_string(index) + ".svg";
      boost::filesystem::ofstream(file) << picture(report, fleet.title(index));
      std::cout << fleet.title(index) << ", picture: " << file << '\n' << table(report);
    }
    std::cout << complaint << std::flush;
    return complaint.empty();
  }

  void add(const std::string& title, const Report& report) {
    Totals& total = totals_[title];
    total.holds += report.holds.size();
    total.overlaps += report.overlaps.size() + report.crowds.size();
    total.token_faults += report.token_faults.size();
    total.lost += report.count(Ended::lost) + report.count(Ended::unlock_lost);
    total.unseen += report.count(Ended::unseen);
    for (const Share& share : report.shares) {
      total.longest_wait_s = std::max(total.longest_wait_s, share.longest_wait_us / 1e6);
    }
  }

  steady_clock::time_point end_;
  boost::filesystem::path traces_;
  std::vector<std::string> modes_;
  std::map<std::string, Totals> totals_;
  std::map<Fault, std::size_t> faults_;
};

std::string text_after(std::string_view option, int argc, char** argv, const std::string& otherwise) {
  for (int index = 1; index + 1 < argc; ++index) {
    if (option == argv[index]) return argv[index + 1];
  }
  return otherwise;
}

std::uint64_t number_after(std::string_view option, int argc, char** argv, const std::string& otherwise) {
  const std::string text = text_after(option, argc, argv, otherwise);
  const char* const end = text.data() + text.size();
  std::uint64_t number = 0;
  if (!text.empty() && std::from_chars(text.data(), end, number).ptr == end) return number;
  std::cerr << "soak: " << option << " needs a number, not '" << text << "'\n";
  std::exit(64);
}

/// "fenced,slots-2" as two words. Exits where one is none of a worker's.
std::vector<std::string> modes_in(const std::string& text) {
  std::vector<std::string> modes;
  if (!text.empty()) boost::algorithm::split(modes, text, [](char c) { return c == ','; });
  for (const std::string& mode : modes) {
    const std::vector<std::string> known = {"fenced", "fenced-no-mirror", "compat", "slots-2", "shared"};
    if (std::ranges::find(known, mode) != known.end()) continue;
    std::cerr << "soak: there is no mode '" << mode << "'\n";
    std::exit(64);
  }
  return modes;
}

int soak(std::chrono::minutes length, std::uint64_t seed, const std::string& traces, std::vector<std::string> modes) {
  if (!traces.empty()) boost::filesystem::create_directories(traces);
  Soak soak(length, traces, std::move(modes));
  const bool fine = soak.run(seed);
  if (!fine) soak.print();
  return fine ? 0 : 1;
}

int say_storm(std::chrono::seconds length, const std::string& version) {
  const StormResult result = storm(length, version);
  std::cout << result.table << result.complaints << std::flush;
  return result.complaints.empty() ? 0 : 1;
}

}  // namespace
}  // namespace leaselock::nfs

int main(int argc, char** argv) {
  using namespace leaselock;
  const std::uint64_t minutes = nfs::number_after("--minutes", argc, argv, "60");
  const std::uint64_t seed = nfs::number_after("--seed", argc, argv, "1");
  const std::uint64_t seconds = nfs::number_after("--seconds", argc, argv, "150");
  const std::string version = nfs::text_after("--version", argc, argv, "4.2");
  const bool storm = std::find(argv + 1, argv + argc, std::string_view("--storm")) != argv + argc;
  const std::string traces = nfs::text_after("--traces", argc, argv, "");
  const auto modes = nfs::modes_in(nfs::text_after("--modes", argc, argv, ""));
  if (const std::string reason = cluster::missing_requirement(); !reason.empty()) {
    std::cerr << "soak: a cluster of several kernels " << reason << '\n';
    return 77;
  }
  return cluster::run_in_sandbox([&] {
    const int status = storm ? nfs::say_storm(std::chrono::seconds(seconds), version)
                             : nfs::soak(std::chrono::minutes(minutes), seed, traces, modes);
    nfs::shut_down_cluster();
    return status;
  });
}
