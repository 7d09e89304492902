#include "hold.hpp"

#include <algorithm>
#include <thread>

#include "leaselock/error.hpp"
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
  if (!held_.may_act()) return false;
  last_ = moment;
  return true;
}

bool Hold::begin(std::uint64_t waited_us) {
  const bool ours = sample();
  say_begin(ours ? "held" : "held-too-late", ours ? last_ : cycles(), waited_us);
  if (!ours) give_back(false);
  return ours;
}

void Hold::say_begin(const char* event, Cycles moment, std::uint64_t waited_us) {
  EventLine line(event, name_);
  line.number(++sequence_).with("tsc", moment).with("waited_us", waited_us);
  held_.tell(line);
  line.with("pred", to_string(held_.predecessor()));
  line.with("left_us", static_cast<std::uint64_t>(held_.remaining() / 1us)).say();
}

bool Hold::keep(std::chrono::nanoseconds length, std::optional<std::chrono::nanoseconds> refresh_period,
                const StopSignal& stop) {
  const auto start = steady_clock::now();
  const auto end = start + length;
  auto change_at = start + length / 2;
  if (refresh_period) next_refresh_ = start + *refresh_period;
  for (auto now = start; now < end && !stop.stopped(); now = steady_clock::now()) {
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(end - now, sampling_period));
    if (!sample()) return lost("may_act");
    say_still();
    if (refresh_period && steady_clock::now() >= next_refresh_) {
      if (!refresh()) return false;
      next_refresh_ = steady_clock::now() + *refresh_period;
    }
    if (steady_clock::now() >= change_at) {
      if (!change()) return false;
      change_at = end;
    }
  }
  return true;
}

bool Hold::refresh() {
  std::error_code error;
  held_.refresh(error);
  EventLine line(error ? "refresh-failed" : "refreshed", name_);
  line.number(sequence_).with("tsc", cycles());
  if (error) line.with("error", word_for(error));
  line.say();
  return (error != Errc::lease_lost && error != Errc::not_locked) || lost(word_for(error));
}

// Nobody may write in between, whichever way it goes. An upgrade is a reader's hold until it is known; a downgrade a
// reader's from before it was asked for.
bool Hold::change() {
  const Cycles before = last_;
  std::error_code error;
  const bool was_shared = held_.is_shared();
  const bool changed = held_.change(error);
  if (error) {
    EventLine("change-failed", name_).number(sequence_).with("tsc", cycles()).with("error", word_for(error)).say();
  }
  if (!sample()) return lost(error ? word_for(error) : "may_act");
  if (changed) {
    if (!was_shared) last_ = before;
    say_end("changed", "none");
    say_begin("held", last_, 0);
  }
  return true;
}

void Hold::give_back(bool destroy) {
  if (last_ == 0 || !sample()) {
    lost("may_act");
    return;
  }
  say_still();
  std::error_code error;
  destroy ? held_.destroy(error) : held_.give_back(error);
  say_end(!error ? "released" : error == Errc::lease_lost ? "unlock-lost" : "unlock-error", word_for(error));
}

// The end is told first: giving back what was lost may take long.
bool Hold::lost(const std::string& why) {
  say_end("lost", why);
  std::error_code error;
  held_.give_back(error);
  EventLine("gave-back", name_).number(sequence_).with("tsc", cycles()).with("error", word_for(error)).say();
  return false;
}

void Hold::say_still() const { EventLine("still", name_).number(sequence_).with("tsc", last_).say(); }

void Hold::say_end(const char* how, const std::string& error) const {
  EventLine line("end", name_);
  line.number(sequence_).with("how", how).with("last", last_).with("tsc", cycles()).with("error", error).say();
}

}  // namespace leaselock::nfs
