#pragma once

#include <boost/filesystem/path.hpp>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cluster/remote_command.hpp"
#include "record/line.hpp"
#include "record/record.hpp"

namespace leaselock::nfs {

/// Workers on several hosts that contend for one lock, and the record of what they say.
class Contest {
 public:
  Contest();
  Contest(const Contest&) = delete;
  Contest& operator=(const Contest&) = delete;
  ~Contest();

  /// Starts a worker (`words` are those of its command line after the lock file) on a host of the shared cluster.
  void start(std::size_t host, const std::string& name, const boost::filesystem::path& lockfile,
             const std::vector<std::string>& words);
  /// Starts a Python flufl.lock process.
  void start_flufl(std::size_t host, const std::string& name, const boost::filesystem::path& lockfile,
                   const std::vector<std::string>& words);

  std::size_t size() const { return workers_.size(); }
  /// Asks a worker to come to an end: it gives back what it holds.
  void stop(std::size_t index);
  /// Ends a worker as kill -9 does, unless it has ended already. They are numbered in the order of their start.
  void kill(std::size_t index);
  void kill_all();
  bool wait_until_ended(std::size_t index, std::chrono::milliseconds patience);
  /// Starts those workers of a host again that have ended: after a kill, or when the host has booted again.
  void restart(std::size_t host);

  /// Something was done to a host, for the picture.
  void mark(const std::string& host, const std::string& what);

  /// How many lines were heard so far; samples of running holds are not counted.
  std::size_t said() const;
  /// Waits for a line that somebody says; looks at what was heard too, from line `since` on. False: the patience ended.
  bool wait_until(const std::function<bool(const Line&)>& matches, std::chrono::milliseconds patience,
                  std::size_t since = 0);
  bool wait_for_event(const std::string& event, const std::string& name, std::chrono::milliseconds patience,
                      std::size_t since = 0);

  void ask_to_finish();
  /// Asks all workers to come to an end and waits until they did; false when the patience ends.
  bool finish(std::chrono::milliseconds patience = std::chrono::seconds(60));

  Report report() const;

 private:
  struct Worker {
    std::size_t host;
    std::string name;
    std::vector<std::string> command_line;
    std::shared_ptr<cluster::RemoteCommand> command;
  };

  void add(std::size_t host, const std::string& name, std::vector<std::string> command_line);
  void run(Worker& worker);
  std::vector<Worker*> everybody();
  static void signal(const std::vector<Worker*>& whom, int signal_number);
  void hear(const std::string& host, const std::string& line);

  mutable std::mutex mutex_;
  std::condition_variable heard_;
  std::vector<std::string> lines_;
  Record record_;
  std::vector<Worker> workers_;
  bool asked_to_finish_ = false;
};

}  // namespace leaselock::nfs
