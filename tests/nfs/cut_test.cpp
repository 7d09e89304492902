#include <gtest/gtest.h>

#include <cstdint>

#include "cut/campaign.hpp"
#include "said.hpp"

/// A short look at what tests/nfs/soak --cut does a thousand times.
namespace leaselock::nfs {
namespace {

constexpr std::uint64_t seed = 8;

TEST(CutRun, TheFirstCommandIsDeadBeforeTheSecondStartsWhenTheNetworkIsCut) {
  const CampaignResult result = cut_campaign(seed, at_once_per_version);
  EXPECT_EQ(result.complaints, "");
  say(result.table);
}

}  // namespace
}  // namespace leaselock::nfs
