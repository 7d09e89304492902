#include "faults.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace leaselock::sim {

using namespace std::chrono_literals;

namespace {

std::int64_t milliseconds(Duration length) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(length).count();
}

}  // namespace

FaultRates FaultRates::draw(Random& random, FaultLevel level, Duration lifetime) {
  FaultRates rates;
  if (level == FaultLevel::none) return rates;
  constexpr std::array<std::uint32_t, 6> usual{0, 0, 0, 5, 20, 80};
  for (std::uint32_t* rate : {&rates.pause, &rates.slow, &rates.repeated, &rates.zombie, &rates.stale_handle,
                              &rates.stale_list, &rates.torn_list, &rates.absent}) {
    *rate = random.pick(usual);
  }
  if (random.chance(30)) rates.torn_list = 600;
  rates.crash = random.chance(400) ? 5 : 0;
  rates.reboot = random.chance(300) ? 300 : 0;
  const std::array<Duration, 4> lengths{lifetime / 4, lifetime, lifetime + 3s, 3 * lifetime};
  rates.longest_pause = random.pick(lengths);
  rates.longest_delay = level == FaultLevel::all ? random.pick(lengths) : lifetime / 8;
  return rates;
}

FaultRates FaultRates::draw_local(Random& random, FaultLevel level, Duration lifetime) {
  FaultRates rates;
  rates.longest_pause = lifetime;
  if (level == FaultLevel::none) return rates;
  rates.pause = random.pick(std::array<std::uint32_t, 4>{0, 5, 20, 80});
  rates.crash = random.pick(std::array<std::uint32_t, 4>{0, 0, 5, 20});
  rates.reboot = random.chance(300) ? 200 : 0;
  rates.no_gate = random.chance(100);
  rates.deleted_gate = random.chance(300) ? 50 : 0;
  rates.shut_gate = random.chance(300) ? 300 : 0;
  rates.no_watch = random.chance(300) ? 300 : 0;
  rates.woken = random.chance(500) ? 300 : 0;
  rates.longest_pause = random.pick(std::array<Duration, 4>{lifetime / 4, lifetime, lifetime + 300ms, 3 * lifetime});
  return rates;
}

std::string FaultRates::describe() const {
  const auto field = [](const char* name, std::uint32_t rate) {
    return rate == 0 ? std::string() : std::string(name) + '=' + std::to_string(rate) + "/1000 ";
  };
  return field("pause", pause) + field("slow", slow) + field("repeated", repeated) + field("zombie", zombie) +
         field("stale_handle", stale_handle) + field("stale_list", stale_list) + field("torn_list", torn_list) +
         field("absent", absent) + field("crash", crash) + field("kill", kill) + field("reboot", reboot) +
         field("deleted_gate", deleted_gate) + field("shut_gate", shut_gate) + field("no_watch", no_watch) +
         field("woken", woken) + (no_gate ? "no_gate " : "") +
         "longest_pause=" + std::to_string(milliseconds(longest_pause)) +
         "ms longest_delay=" + std::to_string(milliseconds(longest_delay)) + "ms";
}

void Fate::end_within(Duration left) {
  before = std::min(before, left);
  if (again) again = std::min(*again, left - before);
  if (executed) executed = std::min(*executed, left);
}

Fate Faults::fate(const Request& request, bool removes_lock) {
  Fate fate;
  fate.before = travel();
  fate.after = travel();
  const bool protected_removal = removes_lock && level_ == FaultLevel::flufl_guarantee;
  if (request.kind == Request::Kind::list) draw_listing(request, fate);
  if (protected_removal) return fate;
  if (random_.chance(rates_.slow)) fate.before += random_.between(Duration::zero(), rates_.longest_delay);
  if (random_.chance(rates_.slow)) fate.after += random_.between(Duration::zero(), rates_.longest_delay);
  if (request.modifies() && random_.chance(rates_.repeated)) {
    fate.again = random_.chance(500) ? random_.between(Duration::zero(), round_trip_ * 8)
                                     : random_.between(Duration::zero(), rates_.longest_delay);
  } else if (random_.chance(rates_.zombie)) {
    fate.zombie = true;
    const Duration latest = level_ == FaultLevel::all ? 4 * rates_.longest_delay : rates_.longest_delay;
    if (request.modifies() && random_.chance(800)) fate.executed = random_.between(Duration::zero(), latest);
  } else if (random_.chance(rates_.stale_handle)) {
    fate.error = ESTALE;
  } else if (request.kind == Request::Kind::rename && random_.chance(rates_.absent)) {
    fate.error = ENOENT;
  }
  return fate;
}

void Faults::draw_listing(const Request& /*request*/, Fate& fate) {
  if (random_.chance(rates_.stale_list)) fate.listing_age = 1 + random_.below(2);
  fate.torn = random_.chance(rates_.torn_list);
}

Duration Faults::pause(bool before_removal) {
  if (before_removal && level_ == FaultLevel::flufl_guarantee) return Duration::zero();
  return random_.chance(rates_.pause) ? random_.between(Duration::zero(), rates_.longest_pause) : Duration::zero();
}

Duration Faults::crash_length() { return random_.between(Duration(10ms), rates_.longest_pause); }

}  // namespace leaselock::sim
