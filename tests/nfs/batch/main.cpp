// The batch of docs/examples/batch.md on a cluster of its own: leaselock_nfs_batch_soak [--hosts N] [--jobs N] [--seed
// N]
// [--version 3|4.0|4.1|4.2] [--record FILE]. tests/nfs/soak --batch builds and starts it.

#include <boost/filesystem/fstream.hpp>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>

#include "batch_run.hpp"
#include "cluster/requirements.hpp"
#include "cluster/sandbox.hpp"
#include "shared_cluster.hpp"
#include "to_json.hpp"
#include "worker/arguments.hpp"

namespace {

using namespace leaselock;

int play(const nfs::BatchPlan& plan, std::size_t hosts, const std::string& record_file) {
  nfs::choose_size(hosts);
  const nfs::BatchResult result = nfs::play_batch(plan);
  const std::string complaints = result.record.complaints();
  std::cout << result.log << nfs::summary(result.record) << '\n' << complaints << std::flush;
  if (!record_file.empty()) {
    boost::filesystem::ofstream(record_file)
        << nfs::to_json(result.record, std::to_string(hosts) + " hosts, NFSv" + plan.version) << '\n';
  }
  nfs::shut_down_cluster();
  return complaints.empty() ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  try {
    nfs::Arguments arguments(count - 1, words + 1);
    nfs::BatchPlan plan;
    const auto hosts = static_cast<std::size_t>(arguments.whole("--hosts", 6));
    plan.jobs = static_cast<std::size_t>(arguments.whole("--jobs", 30));
    plan.seed = static_cast<std::uint64_t>(arguments.whole("--seed", 1));
    plan.version = arguments.text("--version", plan.version);
    const std::string record_file = arguments.text("--record", "");
    arguments.expect_all_used();
    if (const std::string reason = cluster::missing_requirement(); !reason.empty()) {
      std::cerr << "batch: a cluster of several kernels " << reason << '\n';
      return 77;
    }
    return cluster::run_in_sandbox([&] { return play(plan, hosts, record_file); });
  } catch (const nfs::UsageError& error) {
    std::cerr << "batch: " << error.what()
              << "\nusage: leaselock_nfs_batch_soak [--hosts N] [--jobs N] [--seed N] [--version V] [--record FILE]\n";
    return 64;
  }
}
