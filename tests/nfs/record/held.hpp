#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cycles.hpp"

namespace leaselock::nfs {

/// How a hold ended, as its holder saw it.
enum class Ended {
  unseen,       ///< no end was told: its process or host died, or the record was taken before
  released,     ///< given back, and that was confirmed
  lost,         ///< may_act() turned false, or a refresh said so; the holder stopped there
  unlock_lost,  ///< the unlock told that somebody may have owned it before it was given back
  unlock_failed,
  changed,   ///< a reader became a writer, or a writer a reader: the next hold of the same worker goes on
  too_late,  ///< the lease was over when lock() returned: it never was a hold
};
std::string to_string(Ended ended);

/// One place of a semaphore. Its tokens are its own.
struct HeldSlot {
  std::uint64_t index = 0;
  std::uint64_t token = 0;
};

/// One possession as its holder told it. From `first` to `last` it was certain to own the lock; it believed so a little
/// longer on both sides, so what overlaps here did overlap.
struct HeldLock {
  std::string host;
  std::string name;
  std::string mode;
  std::uint64_t sequence = 0;
  std::uint64_t token = 0;      ///< 0: none
  std::vector<HeldSlot> slots;  ///< of a semaphore; empty: everything there is
  std::uint64_t of = 1;         ///< how many slots there are
  bool shared = false;          ///< as a reader
  Cycles first = 0;
  Cycles last = 0;
  Ended ended = Ended::unseen;
  std::string error = "none";        ///< of the end
  std::string gave_back;             ///< what giving back a lost lock answered; empty if that was not told
  std::string predecessor = "none";  ///< how the hold before it ended, as lock() found it
  double waited_us = 0;
  double left_us = 0;  ///< of the lease, when lock() returned
  std::uint64_t refreshes = 0;
};

/// "client1/w3 hold 17".
std::string describe(const HeldLock& hold);

/// Two holders that were certain to own the same at one moment: a lock, a slot, or one of them to write what the other
/// one reads or writes.
struct Overlap {
  HeldLock earlier;
  HeldLock later;
  Cycles length = 0;
};
/// Every pair; `holds` in order of `first`.
std::vector<Overlap> overlaps_among(const std::vector<HeldLock>& holds);

/// A hold that began when with it more slots were held than there are, whatever their numbers.
struct Crowd {
  HeldLock latest;
  std::uint64_t taken = 0;  ///< with it
};
std::vector<Crowd> crowds_among(const std::vector<HeldLock>& holds);

/// A hold whose token is not greater than that of the hold before it: in the same slot; of all before a writer; and of
/// the writers before a reader. Readers may begin in any order, and a writer that became a reader keeps its token.
struct TokenFault {
  HeldLock before;
  HeldLock after;
};
std::vector<TokenFault> token_faults_among(const std::vector<HeldLock>& holds);

/// Jain's index of fairness: 1 if all have the same share, 1/n if one of n has everything.
double fairness_of(const std::vector<std::size_t>& shares);

}  // namespace leaselock::nfs
