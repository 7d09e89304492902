#include "hold.hpp"

#include <algorithm>
#include <thread>

#include "line.hpp"

namespace leaselock::nfs {
namespace {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto sampling_period = 8ms;

}  // namespace

// The counter is read first. When may_act() is true after that, the lease was ours at the moment that was read, however
// long this process stood still in between: a lease that is over does not come back.
bool Hold::sample() {
  const Cycles moment = cycles();
  if (!lock_.may_act()) return false;
  last_ = moment;
  return true;
}

bool Hold::begin(std::uint64_t waited_us) {
  const bool ours = sample();
  EventLine line(ours ? "held" : "held-too-late", name_);
  line.number(sequence_).with("token", lock_.fencing_token().value_or(0)).with("tsc", ours ? last_ : cycles());
  line.with("waited_us", waited_us).with("pred", to_string(lock_.predecessor().end));
  line.with("left_us", static_cast<std::uint64_t>(lock_.remaining() / 1us)).say();
  if (!ours) give_back(false);
  return ours;
}

bool Hold::keep(std::chrono::nanoseconds length, std::optional<std::chrono::nanoseconds> refresh_period,
                const StopSignal& stop) {
  const auto start = steady_clock::now();
  const auto end = start + length;
  if (refresh_period) next_refresh_ = start + *refresh_period;
  for (auto now = start; now < end && !stop.stopped(); now = steady_clock::now()) {
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(end - now, sampling_period));
    if (!sample()) return lost("may_act");
    say_still();
    if (refresh_period && steady_clock::now() >= next_refresh_) {
      if (!refresh()) return false;
      next_refresh_ = steady_clock::now() + *refresh_period;
    }
  }
  return true;
}

bool Hold::refresh() {
  std::error_code error;
  lock_.refresh(error);
  EventLine line(error ? "refresh-failed" : "refreshed", name_);
  line.number(sequence_).with("tsc", cycles());
  if (error) line.with("error", word_for(error));
  line.say();
  return (error != Errc::lease_lost && error != Errc::not_locked) || lost(word_for(error));
}

void Hold::give_back(bool destroy) {
  if (last_ == 0 || !sample()) {
    lost("may_act");
    return;
  }
  say_still();
  std::error_code error;
  destroy ? lock_.destroy(error) : lock_.unlock(error);
  say_end(!error ? "released" : error == Errc::lease_lost ? "unlock-lost" : "unlock-error", word_for(error));
}

// The end is told first: giving back what was lost may take long.
bool Hold::lost(const std::string& why) {
  say_end("lost", why);
  std::error_code error;
  lock_.unlock(error);
  EventLine("gave-back", name_).number(sequence_).with("tsc", cycles()).with("error", word_for(error)).say();
  return false;
}

void Hold::say_still() const { EventLine("still", name_).number(sequence_).with("tsc", last_).say(); }

void Hold::say_end(const char* how, const std::string& error) const {
  EventLine line("end", name_);
  line.number(sequence_).with("how", how).with("last", last_).with("tsc", cycles()).with("error", error).say();
}

}  // namespace leaselock::nfs
