#include <gtest/gtest.h>

#include "batch/batch_run.hpp"
#include "said.hpp"

/// A short look at what tests/nfs/soak --batch does with six hosts and thirty jobs.
namespace leaselock::nfs {
namespace {

using namespace std::chrono_literals;

TEST(Batch, EveryJobIsDoneOnceOrReportedThoughAHostCrashesAndAnotherOneIsCutOff) {
  BatchPlan plan;
  plan.jobs = 10;
  plan.shortest = 800ms;
  plan.longest = 2000ms;
  plan.outage = 8s;
  const BatchResult result = play_batch(plan);
  EXPECT_EQ(result.record.complaints(), "") << result.log;
  say(summary(result.record) + '\n');
}

}  // namespace
}  // namespace leaselock::nfs
