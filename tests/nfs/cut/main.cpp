// The network cut under `leaselock run`, as often as one likes: leaselock_nfs_cut_soak [--runs N] [--seed N]. At least
// so many runs for each NFS version, in batches, each with the next seed. tests/nfs/soak --cut builds and starts it.

#include <cstdint>
#include <iostream>
#include <string>

#include "campaign.hpp"
#include "cluster/requirements.hpp"
#include "cluster/sandbox.hpp"
#include "shared_cluster.hpp"
#include "worker/arguments.hpp"

namespace {

using namespace leaselock;

int play(std::uint64_t seed, std::size_t runs) {
  const nfs::CampaignResult result = nfs::cut_campaign(seed, runs);
  std::cout << result.table << result.complaints << std::flush;
  nfs::shut_down_cluster();
  return result.complaints.empty() ? 0 : 1;
}

}  // namespace

int main(int count, char** words) {
  try {
    nfs::Arguments arguments(count - 1, words + 1);
    const auto runs = static_cast<std::size_t>(arguments.whole("--runs", 200));
    const auto seed = static_cast<std::uint64_t>(arguments.whole("--seed", 1));
    arguments.expect_all_used();
    if (const std::string reason = cluster::missing_requirement(); !reason.empty()) {
      std::cerr << "cut: a cluster of several kernels " << reason << '\n';
      return 77;
    }
    return cluster::run_in_sandbox([&] { return play(seed, runs); });
  } catch (const nfs::UsageError& error) {
    std::cerr << "cut: " << error.what() << "\nusage: leaselock_nfs_cut_soak [--runs N] [--seed N]\n";
    return 64;
  }
}
