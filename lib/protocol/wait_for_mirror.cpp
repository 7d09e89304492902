#include "protocol/wait_for_mirror.hpp"

#include <algorithm>
#include <utility>

namespace leaselock::protocol {
namespace {

constexpr auto longest_watch = std::chrono::seconds(1);  // should a wake-up ever be missed

}  // namespace

void WaitForMirror::begin(const Session& session, LeaseTime give_up_at) {
  *this = WaitForMirror{};
  give_up_at_ = give_up_at;
  poll_ = session.timing.first_poll;
}

Next WaitForMirror::start(Session& session, LeaseTime now, LeaseTime until, std::optional<step::ProcessId> holder) {
  until = std::min(until, give_up_at_);
  if (!lined_up_ && StandInLine::applies(session, Place::lock_directory)) {
    // Whoever holds the baton is the first already; he only needs the watch.
    phase_ = Phase::lining_up;
    if (session.settings.fenced) return line_.start_watching(Place::lock_directory);
    return line_.start(session, Place::lock_directory, now, until);
  }
  phase_ = Phase::sleeping;
  lined_up_ = false;
  const bool watching = session.watching == Place::lock_directory;
  const Duration sleep = watching ? Duration(longest_watch) : session.with_jitter(poll_);
  poll_ = std::min(poll_ * 2, session.timing.last_poll);
  return step::WaitUntil{std::max(now, std::min(now + sleep, until)), watching, std::move(holder)};
}

Next WaitForMirror::resume(Session& session, const Result& result) {
  if (phase_ == Phase::sleeping) return std::nullopt;
  if (auto next = line_.resume(session, result)) return next;
  lined_up_ = session.in_gate || session.settings.fenced;
  return std::nullopt;
}

}  // namespace leaselock::protocol
