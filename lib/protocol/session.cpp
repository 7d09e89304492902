#include "protocol/session.hpp"

#include <algorithm>

namespace leaselock::protocol {

using namespace std::chrono_literals;

Timing Timing::of(const Settings& settings, bool local, bool wakes) {
  Timing timing;
  timing.local = local;
  timing.wakes = wakes && local && settings.gate;
  timing.bounds.stamp_error = settings.stamp_error.value_or(local ? Duration(20ms) : Duration(1s));
  timing.bounds.grace = settings.grace.value_or(local ? Duration(200ms) : Duration(2s));
  timing.bounds.drift_ppm = settings.drift_ppm;
  timing.smallest_lifetime = 5 * timing.bounds.stamp_error;
  timing.first_poll = local ? Duration(1ms) : Duration(20ms);
  timing.first_place_poll = local ? Duration(50ms) : Duration(500ms);
  timing.last_place_poll = local ? Duration(500ms) : Duration(8s);
  timing.patience = local ? Duration(100ms) : Duration(1s);
  timing.last_poll = local ? Duration(50ms) : Duration(2s);
  return timing;
}

Session::Session(Settings settings_in, Owner me_in)
    : settings(std::move(settings_in)),
      names(settings.base, settings.separator),
      me(std::move(me_in)),
      timing(Timing::of(settings, false)) {
  for (const char c : me.random) jitter = jitter * 31 + static_cast<unsigned char>(c);
}

Watch& Session::watch(std::uint32_t slot, const std::string& name, LeaseTime seen) {
  const auto found = std::ranges::find(watches, slot, &Watch::slot);
  Watch& watch = found == watches.end() ? watches.emplace_back() : *found;
  if (watch.name != name) watch = Watch{slot, name, seen, false, {}};
  return watch;
}

const Watch* Session::find_watch(std::uint32_t slot) const {
  const auto found = std::ranges::find(watches, slot, &Watch::slot);
  return found == watches.end() ? nullptr : &*found;
}

bool Session::holds_slot(const Baton& baton) const {
  const auto is_it = [&](const Hold& ours) {
    return ours.baton.slot == baton.slot && ours.baton.number == baton.number;
  };
  return (hold && is_it(*hold)) || std::ranges::any_of(more, is_it);
}

std::optional<step::ProcessId> Session::process_here(const Owner& owner) const {
  if (!settings.break_dead || owner.boot != me.boot) return std::nullopt;
  return step::ProcessId{owner.boot, owner.start, owner.pid};
}

bool Session::anchor_is_old(LeaseTime now) const {
  if (!anchor) return true;
  // One whose request took long says little of when its stamp was made: leases would end later than they need.
  const bool vague = anchor->received - anchor->sent > timing.bounds.stamp_error;
  return now - anchor->received > (vague ? 1s : 60s);
}

void Session::take_anchor(const Result& reply) { anchor = Anchor{reply.sent, reply.received, reply.status.changed}; }

std::string Session::unique() {
  return std::to_string(me.pid) + '.' + me.object_id() + '.' + std::to_string(++names_made);
}

Duration Session::with_jitter(Duration length) {
  // splitmix64: a value, so that a copied session behaves like its original and every run can be replayed.
  std::uint64_t z = (jitter += 0x9E3779B97F4A7C15ULL);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  z ^= z >> 31;
  const auto half = static_cast<std::uint64_t>(length.count() / 2);
  return Duration(static_cast<std::int64_t>(half + (half == 0 ? 0 : z % half)));
}

void Session::forget_hold() { hold.reset(); }

void Session::forget_fence() {
  fence_open = false;
  last_free.clear();
  watches.clear();
  ticket.clear();
  flag.reset();
  watching.reset();
}

void Session::forget_directory() {
  forget_fence();
  anchor.reset();
  opened = false;
}

}  // namespace leaselock::protocol
