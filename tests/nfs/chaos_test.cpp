#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>

#include "chaos.hpp"
#include "fleet.hpp"
#include "record/tables.hpp"

/// A short look at what tests/nfs/soak does for hours.
namespace leaselock::nfs {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t seed = 20;

void say(const Fleet& fleet) {
  for (std::size_t index = 0; index < fleet.contests().size(); ++index) {
    std::cout << fleet.title(index) << '\n' << table(fleet.contests()[index]->report());
  }
}

TEST(Chaos, NoFaultMakesTwoFencedHoldersValidAtOnce) {
  FleetPlan plan;
  plan.modes = {"fenced", "fenced-no-mirror"};
  plan.workers_per_host = 2;
  plan.words = {"--lifetime", "5", "--hold", "5..2500", "--idle", "0..500", "--refresh", "--drift-ppm", "25000"};
  shared_cluster().host(0).set_drift(10000);
  shared_cluster().host(1).set_drift(-10000);
  Fleet fleet(plan);
  Chaos chaos(seed, limits_of_fenced(), plan.hosts, fleet.contests(), [&fleet](std::size_t host) {
    fleet.mount_on(host);
    if (host < 2) shared_cluster().host(host).set_drift(host == 0 ? 10000 : -10000);
  });
  chaos.run(40s);
  EXPECT_EQ(fleet.wait_for_progress(60s), "");
  EXPECT_TRUE(fleet.finish());
  EXPECT_EQ(fleet.complaints(), "");
  say(fleet);
  shared_cluster().host(0).set_drift(0);
  shared_cluster().host(1).set_drift(0);
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
  say(fleet);
}

}  // namespace
}  // namespace leaselock::nfs
