#include "contest.hpp"

#include <csignal>
#include <map>
#include <utility>

#include "record/cycles.hpp"
#include "shared_cluster.hpp"

namespace leaselock::nfs {

Contest::Contest() : record_(cycles_per_us()) {}

Contest::~Contest() {
  for (Worker& worker : workers_) worker.command.reset();
}

void Contest::start(std::size_t host, const std::string& name, const boost::filesystem::path& lockfile,
                    const std::vector<std::string>& words) {
  std::vector<std::string> line = {LEASELOCK_NFS_WORKER, "contend", lockfile.string(), "--name", name};
  line.insert(line.end(), words.begin(), words.end());
  add(host, name, std::move(line));
}

void Contest::start_flufl(std::size_t host, const std::string& name, const boost::filesystem::path& lockfile,
                          const std::vector<std::string>& words) {
  std::vector<std::string> line = {"/usr/bin/python3", "-B",       LEASELOCK_FLUFL_WORKER,
                                   lockfile.string(),  "--cycles", LEASELOCK_CYCLES_MODULE,
                                   "--name",           name};
  line.insert(line.end(), words.begin(), words.end());
  add(host, name, std::move(line));
}

void Contest::add(std::size_t host, const std::string& name, std::vector<std::string> command_line) {
  workers_.push_back({host, name, std::move(command_line), nullptr});
  run(workers_.back());
}

void Contest::run(Worker& worker) {
  cluster::Host& host = shared_cluster().host(worker.host);
  worker.command =
      host.start(worker.command_line, [this, name = host.name()](const std::string& line) { hear(name, line); });
}

void Contest::stop(std::size_t index) { signal({&workers_[index]}, SIGTERM); }
void Contest::kill(std::size_t index) { signal({&workers_[index]}, SIGKILL); }
void Contest::kill_all() { signal(everybody(), SIGKILL); }

std::vector<Contest::Worker*> Contest::everybody() {
  std::vector<Worker*> all;
  for (Worker& worker : workers_) all.push_back(&worker);
  return all;
}

/// One command for each host, since starting one takes a host as long as a dozen requests.
void Contest::signal(const std::vector<Worker*>& whom, int signal_number) {
  std::map<std::size_t, std::vector<std::shared_ptr<cluster::RemoteCommand>>> commands;
  for (const Worker* worker : whom) {
    if (!worker->command->has_ended()) commands[worker->host].push_back(worker->command);
  }
  for (const auto& [host, of_host] : commands) shared_cluster().host(host).signal(of_host, signal_number);
}

void Contest::restart(std::size_t host) {
  for (Worker& worker : workers_) {
    if (worker.host == host && worker.command->has_ended()) run(worker);
  }
}

void Contest::mark(const std::string& host, const std::string& what) {
  const std::lock_guard guard(mutex_);
  record_.mark(cycles(), host, what);
}

void Contest::hear(const std::string& host, const std::string& line) {
  const std::lock_guard guard(mutex_);
  record_.add_line(host, line);
  if (parse_line(line).event == "still") return;
  lines_.push_back(line);
  heard_.notify_all();
}

std::size_t Contest::said() const {
  const std::lock_guard guard(mutex_);
  return lines_.size();
}

bool Contest::wait_until(const std::function<bool(const Line&)>& matches, std::chrono::milliseconds patience,
                         std::size_t since) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::unique_lock guard(mutex_);
  for (;;) {
    for (; since < lines_.size(); ++since) {
      const Line line = parse_line(lines_[since]);
      if (line.kind == Line::Kind::event && matches(line)) return true;
    }
    if (heard_.wait_until(guard, deadline) == std::cv_status::timeout && since == lines_.size()) return false;
  }
}

bool Contest::wait_for_event(const std::string& event, const std::string& name, std::chrono::milliseconds patience,
                             std::size_t since) {
  return wait_until([&](const Line& line) { return line.event == event && line.name == name; }, patience, since);
}

void Contest::ask_to_finish() {
  if (!std::exchange(asked_to_finish_, true)) signal(everybody(), SIGTERM);
}

bool Contest::wait_until_ended(std::size_t index, std::chrono::milliseconds patience) {
  workers_[index].command->wait(patience);
  return workers_[index].command->has_ended();
}

bool Contest::finish(std::chrono::milliseconds patience) {
  ask_to_finish();
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (std::size_t index = 0; index < workers_.size(); ++index) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (!wait_until_ended(index, left)) return false;
  }
  return true;
}

Report Contest::report() const {
  const std::lock_guard guard(mutex_);
  return record_.report();
}

}  // namespace leaselock::nfs
