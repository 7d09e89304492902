#include <barrier>
#include <chrono>
#include <string>
#include <thread>

#include "doctor/interrupt.hpp"
#include "doctor/probes.hpp"

namespace leaselock::tool::doctor {

namespace {

/// Renames the same file in the same moment as this thread does.
class Rival {
 public:
  explicit Rival(const Scratch& scratch) : scratch_(scratch), thread_([this] { work(); }) {}
  ~Rival() {
    target_.clear();
    meet_.arrive_and_wait();
  }
  Rival(const Rival&) = delete;
  Rival& operator=(const Rival&) = delete;

  void race(const std::string& source, const std::string& ours, const std::string& theirs, Race& result) {
    source_ = source;
    target_ = theirs;
    meet_.arrive_and_wait();
    const bool won = scratch_.rename(source, ours) == 0;
    meet_.arrive_and_wait();
    ++result.rounds;
    if (won && won_) ++result.two_winners;
    if (!won && !won_) ++result.no_winner;
    // Both are tried: after two winners there may be two files.
    scratch_.unlink(ours);
    scratch_.unlink(theirs);
  }

 private:
  void work() {
    while (true) {
      meet_.arrive_and_wait();
      if (target_.empty()) return;
      won_ = scratch_.rename(source_, target_) == 0;
      meet_.arrive_and_wait();
    }
  }

  const Scratch& scratch_;
  std::barrier<> meet_{2};
  std::string source_;
  std::string target_;  ///< empty: the race is over
  bool won_ = false;
  std::jthread thread_;  // the last member: it uses the others
};

}  // namespace

Race probe_race(const Scratch& scratch, int rounds, Duration at_most) {
  Race result;
  Rival rival(scratch);
  const auto end = std::chrono::steady_clock::now() + at_most;
  while (result.rounds < rounds && std::chrono::steady_clock::now() < end) {
    InterruptWatch::check();
    const std::string source = "race-" + std::to_string(result.rounds);
    if (scratch.create(source) != 0) break;
    rival.race(source, source + "-a", source + "-b", result);
  }
  return result;
}

}  // namespace leaselock::tool::doctor
