#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "verify/descriptor.hpp"
#include "verify/job.hpp"

namespace leaselock::tool::verify {

/// The workers of this host, each a process of its own: threads would share what is under test, such as open files.
/// They are forked and not executed anew, so this program must have one thread only when they are started.
class Crew {
 public:
  /// Throws: std::system_error.
  explicit Crew(const std::vector<Job>& jobs);
  /// Stops those that still run: they give the lock back and remove their files. Who does not is killed after a while.
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// Waits for all, but not beyond `deadline`. `progress` hears now and then how many holds there were.
  /// Throws: Interrupted.
  std::vector<WorkerRecord> finish(LeaseTime deadline, const std::function<void(std::size_t)>& progress);

 private:
  struct Worker {
    WorkerRecord record;
    pid_t pid = -1;
    Descriptor pipe;
    std::string unread;  ///< the beginning of a line
    bool running() const { return pid > 0; }
  };

  void start(const Job& job);
  void listen(Duration at_most);
  void read(Worker& worker);
  void reap(Worker& worker, bool wait);
  bool any_running() const;

  std::vector<Worker> workers_;
};

}  // namespace leaselock::tool::verify
