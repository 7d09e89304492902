#include "mutants.hpp"

#include <algorithm>

namespace leaselock::sim {

using protocol::Bug;

const std::vector<Mutant>& mutants() {
#ifdef LEASELOCK_MUTANTS
  // Not child_keeps_hold: it takes a fork, which the process tests have.
  static const std::vector<Mutant> all = {
      {"no_last_look", Bug::no_last_look},
      {"breaks_at_expiry", Bug::breaks_at_expiry},
      {"breaks_by_own_clock", Bug::breaks_by_own_clock},
      {"takes_whatever_is_held", Bug::takes_whatever_is_held},
      {"frees_whatever_is_held", Bug::frees_whatever_is_held},
      {"owns_by_listing", Bug::owns_by_listing},
      {"keeps_number_of_own_name", Bug::keeps_number_of_own_name},
      {"refresh_lowers_expiry", Bug::refresh_lowers_expiry},
      {"refresh_trusts_enoent", Bug::refresh_trusts_enoent},
      {"refresh_loses_on_enoent", Bug::refresh_loses_on_enoent},
      {"reuses_sequence", Bug::reuses_sequence},
      {"deadline_from_reply", Bug::deadline_from_reply},
      {"deadline_kept_after_loss", Bug::deadline_kept_after_loss},
      {"owner_flag_cleared_late", Bug::owner_flag_cleared_late},
      {"names_recur", Bug::names_recur},
      {"fence_made_in_public", Bug::fence_made_in_public},
      {"baton_from_empty_listing", Bug::baton_from_empty_listing, "fenced_destroy"},
      {"baton_numbered_early", Bug::baton_numbered_early},
      {"first_number_from_old_stamp", Bug::first_number_from_old_stamp},
      {"verifies_by_stat", Bug::verifies_by_stat, "fenced"},
      {"no_forced_scan", Bug::no_forced_scan},
      {"refresh_revives", Bug::refresh_revives},
      {"reuses_dead_claim", Bug::reuses_dead_claim},
      {"death_from_link_count", Bug::death_from_link_count},
      {"breaks_by_unlink", Bug::breaks_by_unlink},
      {"foreign_judged_by_stat", Bug::foreign_judged_by_stat, "local_mirror_gate"},
      {"removes_path_from_contents", Bug::removes_path_from_contents},
      {"lost_link_reply_is_foreign", Bug::lost_link_reply_is_foreign},
      {"moves_onto_existing_link", Bug::moves_onto_existing_link},
      {"put_back_by_rename", Bug::put_back_by_rename},
      {"links_before_writing", Bug::links_before_writing},
      {"cleans_up_after_unknown", Bug::cleans_up_after_unknown},
      {"claim_expires_before_lease", Bug::claim_expires_before_lease},
      {"believes_late_release", Bug::believes_late_release},
      {"breaks_by_name_alone", Bug::breaks_by_name_alone},
      {"trusts_every_flag", Bug::trusts_every_flag},
      {"believes_unseen_death", Bug::believes_unseen_death},
      {"breaks_dead_at_once", Bug::breaks_dead_at_once, "fenced_killed_renames"},
      {"death_from_pid_alone", Bug::death_from_pid_alone},
      {"jumps_the_queue", Bug::jumps_the_queue},
      {"waits_for_every_ticket", Bug::waits_for_every_ticket},
      {"gate_is_ownership", Bug::gate_is_ownership},
      {"waits_for_gate_forever", Bug::waits_for_gate_forever, "local_gate"},
      {"reader_publishes_late", Bug::reader_publishes_late, "shared"},
      {"reader_ignores_lost_baton", Bug::reader_ignores_lost_baton, "shared"},
      {"reader_revives", Bug::reader_revives, "shared"},
      {"writer_ignores_readers", Bug::writer_ignores_readers, "shared"},
      {"breaks_reader_by_name", Bug::breaks_reader_by_name, "shared"},
      {"upgrade_ignores_lost_lease", Bug::upgrade_ignores_lost_lease, "shared"},
      {"counts_slots_by_listing", Bug::counts_slots_by_listing, "semaphore"},
      {"keeps_some_slots", Bug::keeps_some_slots, "semaphore"},
      {"stamp_from_claim", Bug::stamp_from_claim, "fenced_delegated_timestamps"},
  };
#else
  static const std::vector<Mutant> all;
#endif
  return all;
}

bool switch_on(std::string_view name) {
  const auto found = std::ranges::find(mutants(), name, &Mutant::name);
  if (found == mutants().end()) return false;
#ifdef LEASELOCK_MUTANTS
  protocol::active_bug() = found->bug;
#endif
  return true;
}

void switch_off() {
#ifdef LEASELOCK_MUTANTS
  protocol::active_bug() = Bug::none;
#endif
}

}  // namespace leaselock::sim
