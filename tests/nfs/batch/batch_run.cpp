#include "batch_run.hpp"

#include <thread>

#include "batch_stage.hpp"

namespace leaselock::nfs {

BatchResult play_batch(const BatchPlan& plan) {
  BatchStage stage(plan);
  stage.start();
  stage.crash(stage.host_of_run(plan.jobs / 4));
  const std::size_t lonely = stage.host_of_run(plan.jobs / 2);
  stage.cut(lonely);
  std::this_thread::sleep_for(plan.outage);
  stage.heal(lonely);
  stage.finish();
  return {stage.record(), stage.log()};
}

std::string summary(const BatchRecord& record) {
  std::size_t in_vain = 0;
  for (const JobRun& run : record.runs()) in_vain += run.end == RunEnd::done ? 0U : 1U;
  return std::to_string(record.done()) + " jobs done, " + std::to_string(record.reported()) + " reported, " +
         std::to_string(record.runs().size()) + " runs (" + std::to_string(in_vain) + " in vain), at most " +
         std::to_string(record.most_at_once()) + " at once";
}

}  // namespace leaselock::nfs
