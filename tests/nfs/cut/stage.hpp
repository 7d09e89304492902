#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cluster/remote_command.hpp"
#include "cut_run.hpp"

namespace leaselock::nfs {

/// The processes of one batch, and what is heard of them. Its witnesses watch while it lives.
class Stage {
 public:
  explicit Stage(const Batch& batch);
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;
  ~Stage();

  void start_first(std::size_t trial);
  void start_second(std::size_t trial);
  /// What the trial has in store for the two processes of the first `leaselock run`. Does not wait.
  void meet_fate(std::size_t trial);
  /// The moment of the blow, which messages are timed from.
  void strike();

  /// Waits until it is true of every trial; false: not within the patience.
  bool wait_for_all(bool (Sightings::*what)() const, std::chrono::milliseconds patience);
  /// Ends the witnesses, which say who is left, and waits for the ends of both `leaselock run`.
  std::vector<Outcome> finish();

 private:
  struct Commands {
    std::shared_ptr<cluster::RemoteCommand> first;
    std::shared_ptr<cluster::RemoteCommand> second;
    std::shared_ptr<cluster::RemoteCommand> fate;
  };

  std::shared_ptr<cluster::RemoteCommand> start(std::size_t trial, bool second);
  std::vector<std::string> run_words(const Trial& trial, bool second) const;
  void set_control_groups(std::size_t host) const;
  void hear_witness(std::size_t host, const std::string& line);
  std::optional<Cycles> deadline_of_first(std::size_t trial) const;
  void hear_stop(std::size_t trial, const std::string& line);
  void hear_run(std::size_t trial, const std::string& who, const std::string& line);

  const Batch& batch_;
  std::string directory_;
  std::string board_;
  std::mutex mutex_;
  std::condition_variable heard_;
  /// A moment by a host's wall clock, and the same by the counter.
  struct Clock {
    std::chrono::milliseconds wall;
    Cycles tsc;
  };
  std::map<std::size_t, Clock> clocks_;                          ///< by host
  std::map<std::size_t, std::chrono::milliseconds> lease_ends_;  ///< of the firsts, by trial
  Cycles struck_ = 0;
  std::vector<Outcome> outcomes_;
  std::map<std::size_t, std::shared_ptr<cluster::RemoteCommand>> witnesses_;  ///< by host
  std::vector<Commands> commands_;
};

}  // namespace leaselock::nfs
