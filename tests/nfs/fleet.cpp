#include "fleet.hpp"

#include <set>
#include <utility>

#include "record/tables.hpp"

namespace leaselock::nfs {

Fleet::Fleet(FleetPlan plan) : plan_(std::move(plan)) {
  for (std::size_t host = 0; host < plan_.hosts; ++host) mount_on(host);
  for (const std::string& version : plan_.versions) {
    for (const std::string& mode : plan_.modes) {
      const std::string lockfile = make_directory("contest") + "/lock";
      auto contest = std::make_shared<Contest>();
      for (std::size_t worker = 0; worker < plan_.hosts * plan_.workers_per_host; ++worker) {
        const std::size_t host = worker / plan_.workers_per_host;
        std::vector<std::string> words = plan_.words;
        words.insert(words.end(), {"--mode", mode, "--seed", std::to_string(plan_.seed + worker)});
        if (!plan_.traces.empty()) {
          words.insert(words.end(),
                       {"--trace", "/run/traces/v" + version + "-" + mode + "-w" + std::to_string(worker)});
        }
        contest->start(host, "w" + std::to_string(worker), mounted(host, version, kind_of(worker)) / lockfile, words);
      }
      contests_.push_back(std::move(contest));
      titles_.push_back("NFSv" + version + ", " + mode);
    }
  }
}

const MountKind& Fleet::kind_of(std::size_t worker) const {
  return plan_.kind ? *plan_.kind : mount_kinds()[worker % mount_kinds().size()];
}

void Fleet::mount_on(std::size_t host) const {
  if (!plan_.traces.empty()) {
    shared_cluster().host(host).must_run({"sh", "-c",
                                          "mkdir -p /run/traces; mountpoint -q /run/traces || "
                                          "mount -t hostfs hostfs /run/traces -o \"$0\"",
                                          plan_.traces.string()});
  }
  for (const std::string& version : plan_.versions) {
    for (std::size_t worker = 0; worker < plan_.workers_per_host; ++worker) {
      mounted(host, version, kind_of(host * plan_.workers_per_host + worker));
    }
  }
}

std::string Fleet::wait_for_progress(std::chrono::seconds patience) const {
  std::vector<std::size_t> said;
  for (const auto& contest : contests_) said.push_back(contest->said());
  return wait_for_each(patience, said, [] { return [](const Line& line) { return line.event == "held"; }; });
}

std::string Fleet::wait_for_a_turn_each(std::chrono::seconds patience) const {
  const std::size_t workers = plan_.hosts * plan_.workers_per_host;
  return wait_for_each(patience, std::vector<std::size_t>(contests_.size()), [workers] {
    return [workers, held = std::set<std::string>()](const Line& line) mutable {
      if (line.event == "held") held.emplace(line.name);
      return held.size() == workers;
    };
  });
}

std::string Fleet::wait_for_each(std::chrono::seconds patience, const std::vector<std::size_t>& since,
                                 const std::function<Judge()>& make_judge) const {
  std::string without;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (std::size_t index = 0; index < contests_.size(); ++index) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (!contests_[index]->wait_until(make_judge(), left, since[index])) without += titles_[index] + ": no hold\n";
  }
  return without;
}

bool Fleet::finish() {
  for (const auto& contest : contests_) contest->ask_to_finish();
  bool all = true;
  for (const auto& contest : contests_) all = contest->finish() && all;
  return all;
}

std::string Fleet::complaints() const {
  std::string text;
  for (std::size_t index = 0; index < contests_.size(); ++index) {
    const std::string complaint = nfs::complaints(contests_[index]->report());
    if (!complaint.empty()) text += titles_[index] + ":\n" + complaint;
  }
  return text;
}

}  // namespace leaselock::nfs
