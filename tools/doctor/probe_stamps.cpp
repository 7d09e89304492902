#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "doctor/interrupt.hpp"
#include "doctor/probes.hpp"

namespace leaselock::tool::doctor {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using std::chrono::system_clock;

constexpr int at_least = 20;
constexpr int steps_wanted = 3;
constexpr auto at_most = milliseconds(2500);
/// Kernels stamp with a clock that they set forward at their ticks only, and some stamps are finer than others.
constexpr auto wobble = milliseconds(20);

Duration wall_now() { return std::chrono::duration_cast<Duration>(system_clock::now().time_since_epoch()); }

/// Leaves a stamp on `file`, or on the directory itself when that is empty.
int leave_stamp(const Scratch& scratch, StampedBy how, int number, std::string& file) {
  if (how == StampedBy::touched_directory) return scratch.touch();
  if (how == StampedBy::touched_file) {
    file = "touched";
    return scratch.touch(file);
  }
  return scratch.rename("moved-" + std::to_string(number), "moved-" + std::to_string(number + 1));
}

class Samples {
 public:
  void add(Duration before, Duration stamp, Duration after) {
    const bool first = stamps_.samples++ == 0;
    lowest_ = first ? stamp - after : std::min(lowest_, stamp - after);
    highest_ = first ? stamp - before : std::max(highest_, stamp - before);
    stamps_.offset_low = first ? stamp - after : std::max(stamps_.offset_low, stamp - after);
    stamps_.offset_high = first ? stamp - before : std::min(stamps_.offset_high, stamp - before);
    if (!first) compare(stamp);
    last_ = stamp;
  }
  /// Where the server is slow time is dearer than samples.
  bool enough(Duration elapsed) const {
    return steps_ >= steps_wanted && (stamps_.samples >= at_least || elapsed > milliseconds(500));
  }

  /// A stamp is cut off to the step below, so its clock may be that much further.
  Stamps result() const {
    Stamps result = stamps_;
    result.offset_high += result.step;
    result.inconsistent = result.offset_low > result.offset_high + wobble;
    if (result.inconsistent) {
      result.offset_low = lowest_;
      result.offset_high = highest_;
    } else if (result.offset_low > result.offset_high) {
      std::swap(result.offset_low, result.offset_high);
    }
    return result;
  }

 private:
  void compare(Duration stamp) {
    if (stamp == last_) {
      stamps_.repeated = true;
      return;
    }
    if (stamp < last_) {
      ++stamps_.backward;
      stamps_.worst_backward = std::max(stamps_.worst_backward, last_ - stamp);
      return;
    }
    ++steps_;
    stamps_.step = stamps_.step == Duration::zero() ? stamp - last_ : std::min(stamps_.step, stamp - last_);
  }

  Stamps stamps_;
  Duration last_{};
  Duration lowest_{};
  Duration highest_{};
  int steps_ = 0;
};

Stamps take_samples(const Scratch& scratch, StampedBy how, int attempt) {
  const int begin = attempt * 1'000'000;
  // Written and closed before: what compat mode does with its claim (protocol.md 21.1).
  if (how == StampedBy::touched_file) scratch.create("touched");
  if (how == StampedBy::changed_directory) scratch.create("moved-" + std::to_string(begin));
  Samples samples;
  const auto start = steady_clock::now();
  for (int i = 0; !samples.enough(steady_clock::now() - start) && steady_clock::now() < start + at_most; ++i) {
    InterruptWatch::check();
    // The first ones quickly, to see fine steps; then slowly, to see coarse ones.
    if (i >= at_least) std::this_thread::sleep_for(milliseconds(1));
    std::string file;
    const Duration before = wall_now();
    if (leave_stamp(scratch, how, begin + i, file) != 0) break;
    const Duration after = wall_now();
    const Look look = scratch.look(file);
    if (look.error != 0) break;
    samples.add(before, look.changed, after);
  }
  return samples.result();
}

}  // namespace

Stamps probe_stamps(const Scratch& scratch, StampedBy how) {
  // A machine that was busy, or a clock that was just set right, is no lasting fault of the place.
  constexpr int attempts = 3;
  Stamps stamps;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    stamps = take_samples(scratch, how, attempt);
    if (!stamps.inconsistent) break;
  }
  return stamps;
}

}  // namespace leaselock::tool::doctor
