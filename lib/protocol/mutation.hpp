#pragma once

#include <cstdint>

/// Deliberate bugs (docs/testing.md). The tests compile the protocol a second time with LEASELOCK_MUTANTS and switch
/// one on at a time; the simulator must catch each. In the shipped library mutated() is a constant false and every
/// branch on it disappears.
namespace leaselock::protocol {

enum class Bug : std::uint8_t {
  none,
  no_last_look,                 ///< 1: lock() returns without a last look at its clock
  breaks_at_expiry,             ///< 2: breaks before its stamp has passed E + grace
  breaks_by_own_clock,          ///< 2: compares E with its own clock carried forward instead of with a stamp
  takes_whatever_is_held,       ///< 3: decides on one name and renames the one that has the same number by then
  frees_whatever_is_held,       ///< 4: release renames any held name it finds
  owns_by_listing,              ///< 5: owns because a listing shows its own name
  keeps_number_of_own_name,     ///< 6: takes its own name over with the same number
  refresh_lowers_expiry,        ///< 7
  refresh_trusts_enoent,        ///< 8: ENOENT taken for success
  refresh_loses_on_enoent,      ///< 8: ENOENT taken for loss without a scan
  reuses_sequence,              ///< 9: sends a sequence number again after an unknown outcome
  deadline_from_reply,          ///< 10: D counted from the reply
  deadline_kept_after_loss,     ///< 11: D and the owner flag survive a lost refresh
  owner_flag_cleared_late,      ///< 11: cleared after the release was sent
  names_recur,                  ///< 12: numbers do not grow
  fence_made_in_public,         ///< 13: mkdir of the public name, baton created in it afterwards
  baton_from_empty_listing,     ///< 13: creates a baton because a listing showed none
  baton_numbered_early,         ///< 14: a fresh baton carries a number from before its publication
  first_number_from_old_stamp,  ///< 15: the first taker does not touch after its listing
  verifies_by_stat,             ///< 16: judges its hold by a stat of the held name
  no_forced_scan,               ///< 17: answers ENOENT from its cache; never nudges
  refresh_revives,              ///< 24: a compat refresh counts although its reply came after D
  reuses_dead_claim,            ///< 24: a compat claim whose lease has ended is touched again
  death_from_link_count,        ///< 25: takes a lock file with one link for dead
  breaks_by_unlink,             ///< 26: breaks by unlinking the lock path, without election or a second look
  foreign_judged_by_stat,       ///< 26: judges the lock file by a stat without a link before it
  removes_path_from_contents,   ///< 27: unlinks the name read from the lock file without checking it
  lost_link_reply_is_foreign,   ///< 28: takes EEXIST on the lock file for somebody else's lock
  moves_onto_existing_link,     ///< 29: renames the lock file onto an existing link of the same file
  put_back_by_rename,           ///< 30: puts a wrong victim back with rename, over a newcomer
  child_keeps_hold,             ///< 33: a forked child believes that it holds its parent's lock
  links_before_writing,         ///< 34: the lock file is visible with an empty claim
  cleans_up_after_unknown,      ///< 35: after EIO on a take, removes the lock file
  claim_expires_before_lease,   ///< 36: the claim's mtime is earlier than E
  believes_late_release,        ///< 4.7: takes a free name without asking when it was made
  breaks_by_name_alone,         ///< 4.7: breaks a held name by its E, whenever it was made
  trusts_every_flag,            ///< 7.2: takes a held name that a waiter flagged for its owner's own
  believes_unseen_death,        ///< 8: breaks a dead process's name over NFS that it never saw while that lived
  breaks_dead_at_once,          ///< 8: the same, without waiting until no late release can pass for a prompt one
  death_from_pid_alone,         ///< 31: takes an owner of another boot for gone
  jumps_the_queue,              ///< 7.2: takes a free baton although others were there first
  waits_for_every_ticket,       ///< 7.2: no patience: waits for a crashed waiter for ever
  gate_is_ownership,            ///< 32: whoever is first in line on the host takes what another one holds
  waits_for_gate_forever,       ///< 32: never looks past a gate that somebody keeps shut
  reader_publishes_late,        ///< 22: gives the baton back before its name is there
  reader_ignores_lost_baton,    ///< 22: counts although the baton was broken before it was given back
  reader_revives,               ///< 22: a refresh counts although its reply came after D
  writer_ignores_readers,       ///< 9.2: removes whoever reads
  breaks_reader_by_name,        ///< 9.2: judges a reader by its first lease, without asking for the last
  upgrade_ignores_lost_lease,   ///< 9.2: becomes a writer although its lease as a reader had ended
  counts_slots_by_listing,      ///< 9.1: makes a baton for a slot that a listing does not show
  keeps_some_slots,             ///< 9.1: who waits for several keeps what it has from those who came earlier
  stamp_from_claim,             ///< 21.1: takes the server's time from a claim, which a client may have stamped
};

#ifdef LEASELOCK_MUTANTS
Bug& active_bug();
inline bool mutated(Bug bug) { return active_bug() == bug; }
#else
constexpr bool mutated(Bug /*bug*/) { return false; }
#endif

}  // namespace leaselock::protocol
