#include "batch_stage.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "shared_cluster.hpp"

namespace leaselock::nfs {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 120s;
constexpr auto into_the_job = 500ms;

/// The batch's COMMAND: gives signs of life for as long as the job's file says (cut/command.cpp). $0 is the board.
constexpr const char* process_a =
    "name=${1##*/}; exec " LEASELOCK_NFS_COMMAND " \"$0\" \"${name%%[.@]*}\" first plain \"$(cat \"$1\")\"";

int stages_made = 0;

std::string exported(const std::string& name) { return "/run/disk/export/" + name; }

std::string file_of(std::size_t job) {
  std::array<char, 24> name{};
  std::snprintf(name.data(), name.size(), "%02zu%s", job, job % 3 == 0 ? ".once" : "");
  return name.data();
}

}  // namespace

BatchStage::BatchStage(const BatchPlan& plan)
    : plan_(plan),
      directory_(make_directory("batch")),
      board_("/run/batch-board-" + std::to_string(++stages_made)),
      record_(plan.jobs, batch_slots),
      hosts_(shared_cluster().size()) {
  make_jobs();
}

BatchStage::~BatchStage() {
  try {
    for (std::size_t host = 0; host < hosts_.size(); ++host) {
      if (hosts_[host].is_cut) shared_cluster().host(host).heal();
      hosts_[host] = {};
      if (!shared_cluster().host(host).is_on()) shared_cluster().boot(shared_cluster().host(host));
    }
  } catch (const std::exception& error) {
    std::cerr << "batch: " << error.what() << '\n';
  }
}

void BatchStage::make_jobs() const {
  std::mt19937_64 random(plan_.seed);
  std::uniform_int_distribution<std::int64_t> length(plan_.shortest.count(), plan_.longest.count());
  std::string script = "mkdir -m 1777 \"$0/jobs\" && cd \"$0/jobs\"";
  for (std::size_t job = 1; job <= plan_.jobs; ++job) {
    script += " && echo " + std::to_string(length(random)) + " >" + file_of(job);
  }
  shared_cluster().server().must_run({"sh", "-c", script + " && sync", exported(directory_)});
}

void BatchStage::start() {
  for (std::size_t host = 0; host < hosts_.size(); ++host) start_witness(host);
  wait_for_witnesses();
  for (std::size_t host = 0; host < hosts_.size(); ++host) start_script(host);
}

void BatchStage::start_witness(std::size_t host) {
  hosts_[host].witness = shared_cluster().host(host).start({LEASELOCK_NFS_WITNESS, board_},
                                                           [this, host](const std::string& line) { hear(host, line); });
  // The script finds `leaselock` by its name.
  shared_cluster().host(host).must_run(
      {"sh", "-c", "mkdir -p /run/tools && ln -sf " LEASELOCK_TOOL " /run/tools/leaselock"});
}

void BatchStage::wait_for_witnesses() {
  std::unique_lock guard(mutex_);
  if (!heard_.wait_for(guard, patience, [this] { return watching_ == hosts_.size(); })) {
    throw std::runtime_error("a witness does not begin to watch");
  }
  begin_ = cycles();
}

void BatchStage::start_script(std::size_t host) {
  const auto directory = mounted(host, plan_.version, mount_kinds().front()) / directory_;
  hosts_[host].script = shared_cluster().host(host).start(
      {"env", "PATH=/run/tools:/usr/bin:/bin", "LIFETIME=5s", LEASELOCK_EXAMPLES "/batch.sh", directory.string(), "sh",
       "-c", process_a, board_},
      [this, host](const std::string& line) { hear(host, line); });
}

void BatchStage::hear(std::size_t host, const std::string& line) {
  const std::lock_guard guard(mutex_);
  const std::string name = shared_cluster().host(host).name();
  std::array<char, 16> time{};
  std::snprintf(time.data(), time.size(), "%7.3f s ", static_cast<double>(cycles() - begin_) / cycles_per_us() / 1e6);
  if (line.starts_with("clock ")) ++watching_;
  if (begin_ != 0) log_ += time.data() + name + ": " + line + '\n';
  record_.add_sighting(name, line);
  record_.add_message(name, line);
  heard_.notify_all();
}

std::size_t BatchStage::host_of_run(std::size_t number) {
  std::string name;
  {
    std::unique_lock guard(mutex_);
    if (!heard_.wait_for(guard, patience, [&] { return record_.runs().size() >= number; })) {
      throw std::runtime_error("the batch does not get on:\n" + log_);
    }
    name = record_.runs()[number - 1].host;
  }
  std::this_thread::sleep_for(into_the_job);
  std::size_t host = 0;
  while (shared_cluster().host(host).name() != name) ++host;
  return host;
}

void BatchStage::mark(std::size_t host, const std::string& what) {
  const std::lock_guard guard(mutex_);
  record_.mark(cycles(), shared_cluster().host(host).name(), what);
}

void BatchStage::crash(std::size_t host) {
  shared_cluster().host(host).crash();
  forget_mounts(host);
  hosts_[host] = {};
  const std::lock_guard guard(mutex_);
  record_.crash(cycles(), shared_cluster().host(host).name());
}

void BatchStage::cut(std::size_t host) {
  shared_cluster().host(host).cut();
  hosts_[host].is_cut = true;
  mark(host, "cut off");
}

void BatchStage::heal(std::size_t host) {
  shared_cluster().host(host).heal();
  hosts_[host].is_cut = false;
  mark(host, "back");
}

void BatchStage::finish() {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (const OnHost& host : hosts_) {
    if (!host.script) continue;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (!host.script->wait(left)) throw std::runtime_error("the batch does not come to its end:\n" + log());
  }
  for (std::size_t host = 0; host < hosts_.size(); ++host) {
    if (!hosts_[host].witness) continue;
    shared_cluster().host(host).signal({hosts_[host].witness}, SIGTERM);
    if (!hosts_[host].witness->wait(10s)) throw std::runtime_error("a witness does not end");
  }
  take_in_files();
}

void BatchStage::take_in_files() {
  std::string script = "cd \"$0\"";
  for (const std::string place : {"jobs", "running", "done", "failed", "lost", "markers"}) {
    script += " && for file in " + place + "/*; do [ ! -e \"$file\" ] || echo \"$file\"; done";
  }
  std::istringstream files(shared_cluster().server().must_run({"sh", "-c", script, exported(directory_)}));
  const std::lock_guard guard(mutex_);
  for (std::string file; std::getline(files, file);) {
    const std::size_t slash = file.find('/');
    record_.add_file(file.substr(0, slash), file.substr(slash + 1));
  }
  record_.settle();
}

BatchRecord BatchStage::record() const {
  const std::lock_guard guard(mutex_);
  return record_;
}

std::string BatchStage::log() const {
  const std::lock_guard guard(mutex_);
  return log_;
}

}  // namespace leaselock::nfs
