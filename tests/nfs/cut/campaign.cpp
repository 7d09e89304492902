#include "campaign.hpp"

#include <iterator>
#include <vector>

#include "cut_run.hpp"
#include "margins.hpp"
#include "said.hpp"

namespace leaselock::nfs {
namespace {

constexpr std::uint64_t batches_of_cuts_in_a_row = 4;

Blow blow_of(std::uint64_t seed) {
  if (seed % (batches_of_cuts_in_a_row + 1) != 0) return Blow::cut;
  return seed % 2 == 0 ? Blow::server_hangs : Blow::server_crashes;
}

}  // namespace

CampaignResult cut_campaign(std::uint64_t seed, std::size_t cuts_per_version) {
  CampaignResult result;
  std::vector<Outcome> all;
  for (std::size_t cuts = 0; cuts < cuts_per_version; ++seed) {
    const Batch batch = draw_batch(seed, at_once_per_version, blow_of(seed));
    say(describe(batch) + '\n');
    std::vector<Outcome> outcomes = play(batch);
    const std::string complaint = complaints(outcomes);
    if (!complaint.empty()) {
      result.complaints += complaint + "again: tests/nfs/soak --cut --runs 1 --seed " + std::to_string(seed) + '\n';
    }
    say(complaint);
    if (batch.blow == Blow::cut) cuts += at_once_per_version;
    std::move(outcomes.begin(), outcomes.end(), std::back_inserter(all));
  }
  result.table = margins_table(all);
  return result;
}

}  // namespace leaselock::nfs
