#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "holdable.hpp"
#include "record/cycles.hpp"
#include "stop_signal.hpp"

namespace leaselock::nfs {

/// One possession of what was just taken, told line by line while it lasts, so that the record of a host that
/// crashes or is cut off in the middle is nearly whole and nowhere wrong.
class Hold {
 public:
  /// `sequence`: the number of the last hold that was told; counted on for this one, and when a reader becomes a writer
  /// or a writer a reader, which ends one hold and begins the next.
  Hold(Holdable& held, std::string name, std::uint64_t& sequence)
      : held_(held), name_(std::move(name)), sequence_(sequence) {}

  /// Says that it began. False when the lease was over before anything could be done with it.
  bool begin(std::uint64_t waited_us);
  /// Holds until `length` is over or a stop is asked for, refreshing every `refresh_period`, and changes halfway if
  /// that is what was drawn. False when it was lost.
  bool keep(std::chrono::nanoseconds length, std::optional<std::chrono::nanoseconds> refresh_period,
            const StopSignal& stop);
  void give_back(bool destroy);

 private:
  bool sample();
  void say_begin(const char* event, Cycles moment, std::uint64_t waited_us);
  bool refresh();
  bool change();
  void say_still() const;
  bool lost(const std::string& why);
  void say_end(const char* how, const std::string& error) const;

  Holdable& held_;
  std::string name_;
  std::uint64_t& sequence_;
  Cycles last_ = 0;  ///< the newest moment at which it was certainly ours
  std::chrono::steady_clock::time_point next_refresh_;
};

}  // namespace leaselock::nfs
