#include "protocol/acquire_slots.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "protocol/mutation.hpp"

namespace leaselock::protocol {
namespace {

/// The moment until which a step lets time pass; null for those that do not.
LeaseTime* end_of_wait(Next& next) {
  if (!next) return nullptr;
  if (auto* wait = std::get_if<step::WaitUntil>(&*next)) return &wait->until;
  if (auto* gate = std::get_if<step::EnterGate>(&*next)) return &gate->until;
  return nullptr;
}

}  // namespace

Next AcquireSlots::start(Session& session, LeaseTime now) {
  if (session.holds(now)) {
    error_ = Errc::already_locked;
    return std::nullopt;
  }
  // Without a queue two of them could wait for each other's slots for ever.
  const bool fits = request_.slots >= 1 && request_.slots <= session.settings.purpose.slots && session.settings.fair;
  if (!fits) {
    error_ = Errc::invalid_options;
    return std::nullopt;
  }
  return attempt(session, now);
}

Next AcquireSlots::attempt(Session& session, LeaseTime now) {
  phase_ = Phase::acquiring;
  AcquireRequest request = request_;
  request.keep_place = session.more.size() + 1 < request_.slots;
  acquiring_ = Acquire(std::move(request));
  return pass_on(session, acquiring_->start(session, now), now);
}

void AcquireSlots::give_up() {
  request_.give_up_at = LeaseTime::min();
  if (acquiring_) acquiring_->give_up();
}

Next AcquireSlots::resume(Session& session, const Result& result) {
  const LeaseTime now = result.received;
  switch (phase_) {
    case Phase::acquiring:
      if (std::exchange(waited_, std::nullopt) && now >= refresh_at_) {
        waited_ = result;
        next_to_refresh_ = 0;
        return refresh(session, now);
      }
      return pass_on(session, acquiring_->resume(session, result), now);
    case Phase::refreshing:
      if (auto next = refreshing_.resume(session, result)) return next;
      return on_refreshed(session, now);
    case Phase::giving_back:
      if (auto next = releasing_->resume(session, result)) return next;
      return give_back(session, now);
  }
  return std::nullopt;
}

Next AcquireSlots::pass_on(Session& session, Next next, LeaseTime now) {
  if (!next) return on_acquired(session, now);
  LeaseTime* until = end_of_wait(next);
  if (until == nullptr || session.more.empty()) return next;
  const bool is_first = acquiring_->ahead() == 0 && !std::holds_alternative<step::EnterGate>(*next);
  if (!is_first && !mutated(Bug::keeps_some_slots)) {
    interrupted_ = std::move(next);
    return give_back(session, now);
  }
  *until = std::max(now, std::min(*until, refresh_at_));
  waited_.emplace();
  return next;
}

Next AcquireSlots::on_acquired(Session& session, LeaseTime now) {
  error_ = acquiring_->error();
  acquiring_.reset();
  if (error_) return give_back(session, now);
  if (session.more.empty()) refresh_at_ = now + session.settings.lifetime / 3;
  session.more.push_back(*std::exchange(session.hold, std::nullopt));
  if (session.more.size() < request_.slots) return attempt(session, now);
  next_to_refresh_ = 0;
  return refresh(session, now);
}

/// During a wait all of them; at the end those that are older.
Next AcquireSlots::refresh(Session& session, LeaseTime now) {
  const auto is_fresh = [&](const Hold& hold) {
    return !waited_ && hold.deadline - now > session.settings.lifetime / 4 * 3;
  };
  while (next_to_refresh_ < session.more.size() && is_fresh(session.more[next_to_refresh_])) ++next_to_refresh_;
  if (next_to_refresh_ == session.more.size()) return end(session, now);
  session.hold = session.more[next_to_refresh_];
  phase_ = Phase::refreshing;
  return refreshing_.start(session, now);
}

Next AcquireSlots::on_refreshed(Session& session, LeaseTime now) {
  session.lost = false;
  const auto at = session.more.begin() + static_cast<std::ptrdiff_t>(next_to_refresh_);
  if (session.hold) {
    *at = *std::exchange(session.hold, std::nullopt);
    ++next_to_refresh_;
  } else {
    session.more.erase(at);
  }
  return refresh(session, now);
}

/// All have been refreshed: the wait goes on, or it was the last thing to do.
Next AcquireSlots::end(Session& session, LeaseTime now) {
  if (waited_) {
    refresh_at_ = now + session.settings.lifetime / 3;
    Result result = *std::exchange(waited_, std::nullopt);
    result.received = now;
    phase_ = Phase::acquiring;
    return pass_on(session, acquiring_->resume(session, result), now);
  }
  if (session.more.size() < request_.slots) return attempt(session, now);
  const bool all_last = std::ranges::all_of(
      session.more, [&](const Hold& hold) { return now < hold.deadline - session.smallest_remainder(); });
  if (!all_last) {
    error_ = Errc::lifetime_too_short;
    return give_back(session, now);
  }
  std::ranges::sort(session.more, {}, [](const Hold& hold) { return hold.baton.slot; });
  for (Hold& hold : session.more) hold.owner = true;
  session.hold = session.more.front();
  session.more.erase(session.more.begin());
  return std::nullopt;
}

Next AcquireSlots::give_back(Session& session, LeaseTime now) {
  phase_ = Phase::giving_back;
  while (!session.more.empty()) {
    session.hold = std::move(session.more.back());
    session.more.pop_back();
    if (auto next = releasing_.anew()->start(session, now)) return next;
  }
  if (error_) return std::nullopt;
  phase_ = Phase::acquiring;
  acquiring_->keep_place();  // the slot that is waited for is not the last one any more
  return std::exchange(interrupted_, std::nullopt);
}

}  // namespace leaselock::protocol
