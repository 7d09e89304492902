#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>

#include "chaos.hpp"
#include "fleet.hpp"
#include "record/tables.hpp"
#include "said.hpp"

/// A short look at what tests/nfs/soak does for hours.
namespace leaselock::nfs {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t seed = 20;
constexpr int drift_ppm = 10000;

void tell(const Fleet& fleet) {
  for (std::size_t index = 0; index < fleet.contests().size(); ++index) {
    say(fleet.title(index) + '\n' + table(fleet.contests()[index]->report()));
  }
}

// The clocks of two of the three hosts drift apart.
void set_drifts(int ppm) {
  shared_cluster().host(0).set_drift(ppm);
  shared_cluster().host(1).set_drift(-ppm);
}

void play_and_expect_a_clean_record(FleetPlan plan, std::chrono::seconds time) {
  plan.workers_per_host = 2;
  plan.words = {"--lifetime", "5", "--hold", "5..2500", "--idle", "0..500", "--refresh", "--drift-ppm", "25000"};
  set_drifts(drift_ppm);
  Fleet fleet(plan);
  Chaos chaos(seed, limits_of_fenced(), plan.hosts, fleet.contests(), [&fleet](std::size_t host) {
    fleet.mount_on(host);
    if (host < 2) shared_cluster().host(host).set_drift(host == 0 ? drift_ppm : -drift_ppm);
  });
  chaos.run(time);
  EXPECT_EQ(fleet.wait_for_progress(60s), "");
  EXPECT_TRUE(fleet.finish());
  EXPECT_EQ(fleet.complaints(), "");
  tell(fleet);
  set_drifts(0);
}

TEST(Chaos, NoFaultMakesTwoFencedHoldersValidAtOnce) {
  FleetPlan plan;
  plan.modes = {"fenced", "fenced-no-mirror"};
  play_and_expect_a_clean_record(plan, 40s);
}

TEST(Chaos, NoFaultMakesMoreHoldersThanSlotsNorAWriterBesideAReader) {
  FleetPlan plan;
  plan.modes = {"slots-2", "shared"};
  play_and_expect_a_clean_record(plan, 40s);
}

TEST(Chaos, CompatHoldersExcludeEachOtherThroughFaultsShorterThanTheirLease) {
  FleetPlan plan;
  plan.modes = {"compat"};
  plan.workers_per_host = 2;
  plan.words = {"--hold", "5..200", "--idle", "0..200"};
  Fleet fleet(plan);
  Chaos chaos(seed, limits_of_compat(), plan.hosts, fleet.contests(),
              [&fleet](std::size_t host) { fleet.mount_on(host); });
  chaos.run(20s);
  EXPECT_EQ(fleet.wait_for_progress(60s), "");
  EXPECT_TRUE(fleet.finish());
  EXPECT_EQ(fleet.complaints(), "");
  tell(fleet);
}

}  // namespace
}  // namespace leaselock::nfs
