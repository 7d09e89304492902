#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "record/cycles.hpp"
#include "record/line.hpp"

namespace leaselock::nfs {

/// What the witnesses of both hosts said about one trial, and what follows from it. Not thread safe.
class Sightings {
 public:
  void add(const Line& line);

  bool first_began() const { return !first_.empty(); }
  bool second_began() const { return second_began_.has_value(); }
  /// Of the first command's first process; 0: not seen.
  std::uint64_t parent_of_first() const { return parent_of_first_; }
  /// Every process that was seen of the command is gone.
  bool first_is_gone() const;
  bool second_is_gone() const { return second_is_gone_; }

  /// From the last sign of life of any process of the first command to the start of the second; negative: both were
  /// alive at one moment. Empty if one of the two never began.
  std::optional<double> margin_us(double cycles_per_us) const;
  /// The same from when the kernel had no process left of the first command, by when that was seen; a process that was
  /// left in the end counts to the end.
  std::optional<double> gone_margin_us(double cycles_per_us) const;
  /// From the last sign of life of the first command to a moment, its deadline for example.
  std::optional<double> us_before(Cycles moment, double cycles_per_us) const;

 private:
  struct Process {
    Cycles last = 0;  ///< sign of life
    Cycles seen = 0;  ///< by the witness: when it was gone, or at the end
    bool gone = false;
  };

  Cycles latest(Cycles Process::*moment) const;
  std::optional<double> until_second(Cycles moment, double cycles_per_us) const;

  Cycles first_began_ = 0;
  std::uint64_t parent_of_first_ = 0;
  std::map<std::uint64_t, Process> first_;  ///< by process id
  std::optional<Cycles> second_began_;
  bool second_is_gone_ = false;
};

}  // namespace leaselock::nfs
