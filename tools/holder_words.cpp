#include "holder_words.hpp"

#include <algorithm>

#include "leaselock/format_time.hpp"

namespace leaselock::tool {

namespace {

std::size_t number_of_readers(const std::vector<Holder>& holders) {
  return static_cast<std::size_t>(std::ranges::count_if(holders, &Holder::shared));
}

std::string held_by(const std::vector<Holder>& holders) {
  const std::size_t readers = number_of_readers(holders);
  if (readers == 0) return "held by a writer";
  const std::string text = readers == 1 ? "held by a reader" : "held by " + std::to_string(readers) + " readers";
  return readers == holders.size() ? text : text + ", a writer comes next";
}

}  // namespace

std::optional<Duration> lease_left(const Holder& holder, WallTime now) {
  return holder.expires ? std::optional(*holder.expires - now) : std::nullopt;
}

std::optional<Duration> held_for(const Holder& holder, WallTime now) {
  // A number far from the present was not made from a clock, and must not overflow here.
  const auto now_us = std::chrono::floor<std::chrono::microseconds>(now.time_since_epoch()).count();
  if (!holder.token || now_us < 0 || *holder.token > 2 * static_cast<std::uint64_t>(now_us)) return std::nullopt;
  const std::chrono::microseconds since(static_cast<std::int64_t>(*holder.token));
  return std::max<Duration>(now.time_since_epoch() - since, Duration::zero());
}

bool lease_ran_out(const Holder& holder, WallTime now) { return holder.expires && *holder.expires < now; }

bool needs_attention(const Holder& holder, WallTime now) { return holder.gone || lease_ran_out(holder, now); }

Cell state_of(const Holder& holder, const LockStatus& status, WallTime now) {
  if (holder.gone) return {"process is gone", Colour::red};
  if (lease_ran_out(holder, now)) return {"lease ran out", Colour::red};
  if (status.kind != LockKind::shared_lock) return {"held", Colour::yellow};
  if (holder.shared) return {"reads", Colour::yellow};
  if (number_of_readers(status.holders) > 0) return {"comes next", {}};
  return {"writes", Colour::yellow};
}

Cell lease_of(const Holder& holder, WallTime now) {
  const std::optional<Duration> left = lease_left(holder, now);
  if (!left) return {};
  return {format_duration(*left), *left < Duration::zero() ? std::optional(Colour::red) : std::nullopt};
}

Cell summary_of(const LockStatus& status, WallTime now) {
  const auto& holders = status.holders;
  std::string text = status.kind == LockKind::semaphore
                         ? std::to_string(holders.size()) + " of " + std::to_string(status.slots) + " slots held"
                     : holders.empty() ? "unlocked"
                                       : held_by(holders);
  if (holders.empty()) return {std::move(text), Colour::green};
  const bool red = std::ranges::any_of(holders, [&](const Holder& holder) { return needs_attention(holder, now); });
  return {std::move(text), red ? Colour::red : Colour::yellow};
}

std::string number_waiting(std::size_t waiters) {
  return std::to_string(waiters) + (waiters == 1 ? " waits" : " wait");
}

}  // namespace leaselock::tool
