#pragma once

#include <boost/filesystem/path.hpp>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "batch_plan.hpp"
#include "batch_record.hpp"
#include "cluster/remote_command.hpp"

namespace leaselock::nfs {

/// docs/examples/batch.sh on every host of the shared cluster, and what is heard of it. When it is destroyed the hosts
/// that it crashed or cut off are as before.
class BatchStage {
 public:
  explicit BatchStage(const BatchPlan& plan);
  BatchStage(const BatchStage&) = delete;
  BatchStage& operator=(const BatchStage&) = delete;
  ~BatchStage();

  void start();
  /// Waits until so many runs have begun, and half a second more, and returns where the last of them began.
  std::size_t host_of_run(std::size_t number);
  void crash(std::size_t host);
  void cut(std::size_t host);
  void heal(std::size_t host);
  /// Waits until the scripts have ended on all hosts that are on, and takes in what the server has in the end.
  void finish();

  BatchRecord record() const;
  /// Every line that was heard, with the seconds since the start and its host.
  std::string log() const;

 private:
  struct OnHost {
    std::shared_ptr<cluster::RemoteCommand> witness;
    std::shared_ptr<cluster::RemoteCommand> script;
    bool is_cut = false;
  };

  void make_jobs() const;
  void start_witness(std::size_t host);
  void wait_for_witnesses();
  void start_script(std::size_t host);
  void hear(std::size_t host, const std::string& line);
  void mark(std::size_t host, const std::string& what);
  void take_in_files();

  BatchPlan plan_;
  std::string directory_;  ///< in the export
  std::string board_;
  mutable std::mutex mutex_;
  std::condition_variable heard_;
  BatchRecord record_;
  std::size_t watching_ = 0;  ///< witnesses
  Cycles begin_ = 0;
  std::string log_;
  std::vector<OnHost> hosts_;
};

}  // namespace leaselock::nfs
