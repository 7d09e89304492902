#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>

#include "fleet.hpp"
#include "record/tables.hpp"
#include "said.hpp"
#include "version_name.hpp"

namespace leaselock::nfs {
namespace {

using namespace std::chrono_literals;

class Exclusion : public testing::TestWithParam<std::string> {};

// Ganesha does a third of the kernel's work in the same time, too little for so many to get their turn.
std::size_t workers_per_host(std::size_t on_the_kernels_server) {
  return shared_cluster().kind() == cluster::ServerKind::ganesha ? 2 : on_the_kernels_server;
}

void finish_and_expect_a_clean_record_with_turns_for_all(Fleet& fleet, std::size_t workers) {
  shared_cluster().set_round_trip(0ms);
  EXPECT_EQ(fleet.wait_for_a_turn_each(60s), "");
  EXPECT_TRUE(fleet.finish());
  EXPECT_EQ(fleet.complaints(), "");
  for (std::size_t index = 0; index < fleet.contests().size(); ++index) {
    const Report report = fleet.contests()[index]->report();
    say(fleet.title(index) + '\n' + table(report));
    EXPECT_TRUE(report.errors.empty());
    EXPECT_EQ(report.shares.size(), workers);
  }
}

TEST_P(Exclusion, HoldsOnThreeHostsNeverOverlapWhateverTheMountOptionsAndTheRoundTrip) {
  FleetPlan plan;
  plan.versions = {GetParam()};
  plan.modes = {"fenced", "fenced-no-mirror", "compat"};
  plan.words = {"--hold", "2..20", "--idle", "0..20"};
  plan.workers_per_host = workers_per_host(4);
  shared_cluster().set_round_trip(0ms);
  Fleet fleet(plan);
  for (const auto round_trip : {0ms, 5ms, 20ms}) {
    shared_cluster().set_round_trip(round_trip);
    std::this_thread::sleep_for(3s);
  }
  finish_and_expect_a_clean_record_with_turns_for_all(fleet, plan.hosts * plan.workers_per_host);
}

TEST_P(Exclusion, NoMoreHoldThanThereAreSlotsAndNoWriterIsBesideAReader) {
  FleetPlan plan;
  plan.versions = {GetParam()};
  plan.modes = {"slots-2", "shared"};
  plan.words = {"--hold", "2..20", "--idle", "0..20"};
  plan.workers_per_host = workers_per_host(3);
  shared_cluster().set_round_trip(0ms);
  Fleet fleet(plan);
  for (const auto round_trip : {0ms, 20ms}) {
    shared_cluster().set_round_trip(round_trip);
    std::this_thread::sleep_for(1s);
  }
  finish_and_expect_a_clean_record_with_turns_for_all(fleet, plan.hosts * plan.workers_per_host);
}

INSTANTIATE_TEST_SUITE_P(Nfs, Exclusion, testing::ValuesIn(nfs_versions()), version_name);

TEST(ExclusionAcrossVersions, ClientsThatSpeakDifferentVersionsExcludeEachOther) {
  Contest contest;
  const std::string lockfile = make_directory("versions") + "/lock";
  for (std::size_t host = 0; host < cluster_hosts; ++host) {
    for (const std::string& version : nfs_versions()) {
      contest.start(host, "v" + version, mounted(host, version, mount_kinds().front()) / lockfile,
                    {"--hold", "2..20", "--idle", "0..20"});
    }
  }
  std::this_thread::sleep_for(8s);
  EXPECT_TRUE(contest.finish());
  const Report report = contest.report();
  EXPECT_EQ(complaints(report), "");
  EXPECT_TRUE(report.errors.empty());
  EXPECT_GT(report.holds.size(), 16U);
  say(table(report));
}

}  // namespace
}  // namespace leaselock::nfs
