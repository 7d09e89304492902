#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "contest.hpp"
#include "record/tables.hpp"
#include "said.hpp"
#include "shared_cluster.hpp"

namespace leaselock::nfs {
namespace {

using namespace std::chrono_literals;

class Mixed : public testing::TestWithParam<std::string> {};

/// The lifetimes are longer than anybody waits, so that flufl.lock's own races do not show (docs/testing.md).
TEST_P(Mixed, PythonAndOursExcludeEachOtherOnThreeHosts) {
  std::vector<std::unique_ptr<Contest>> contests;
  for (const std::string& version : nfs_versions()) {
    const std::string lockfile = make_directory("mixed") + "/lock";
    contests.push_back(std::make_unique<Contest>());
    for (std::size_t host = 0; host < 3; ++host) {
      const auto path = mounted(host, version, mount_kinds().front()) / lockfile;
      const std::string seed = std::to_string(host + 1);
      contests.back()->start(
          host, "ours" + seed, path,
          {"--mode", GetParam(), "--lifetime", "60", "--hold", "50..300", "--idle", "1000..3000", "--seed", seed});
      contests.back()->start_flufl(host, "flufl" + seed, path,
                                   {"--lifetime", "60", "--hold", "50..300", "--idle", "0..500", "--seed", seed});
    }
  }
  std::this_thread::sleep_for(10s);
  for (const auto& contest : contests) contest->ask_to_finish();
  for (const auto& contest : contests) {
    EXPECT_TRUE(contest->finish());
    const Report report = contest->report();
    EXPECT_EQ(complaints(report), "");
    std::size_t held_by_flufl = 0;
    for (const HeldLock& hold : report.holds) held_by_flufl += hold.name.rfind("flufl", 0) == 0 ? 1 : 0;
    EXPECT_GT(held_by_flufl, 0U);
    EXPECT_LT(held_by_flufl, report.holds.size());
    say(table(report));
  }
}

INSTANTIATE_TEST_SUITE_P(Nfs, Mixed, testing::Values("fenced", "compat"), [](const auto& mode) { return mode.param; });

}  // namespace
}  // namespace leaselock::nfs
