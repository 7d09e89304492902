#include "protocol/acquire.hpp"

#include <algorithm>
#include <utility>

#include "protocol/mutation.hpp"

namespace leaselock::protocol {
namespace {

constexpr int most_lost_races = 16;
constexpr int most_guesses = 32;

}  // namespace

Next Acquire::start(Session& session, LeaseTime now) {
  if (session.holds(now)) error_ = Errc::already_locked;
  // A hold whose lease has ended is taken anew, with a new number: our own name in a listing is no hold.
  const bool too_short = session.opened && session.settings.lifetime < session.timing.smallest_lifetime;
  if (!error_ && too_short) error_ = Errc::lifetime_too_short;
  if (error_) return std::nullopt;
  session.forget_hold();
  session.lost = false;
  session.holder.reset();
  if (session.more.empty()) {  // with others, this is one more slot of the same acquisition
    session.predecessor = Ending::none;
    session.predecessor_baton.reset();
  }
  waiting_.begin(now, request_.give_up_at);
  if (request_.by_force) taking_.use_force();
  if (request_.for_removal) taking_.use_next_number();
  phase_ = Phase::opening;
  if (auto next = opening_.start(session)) return next;
  return on_opened(session, now);
}

Next Acquire::resume(Session& session, const Result& result) {
  const LeaseTime now = result.received;
  switch (phase_) {
    case Phase::opening:
      if (auto next = opening_.resume(session, result)) return next;
      if (opening_.error()) return fail(session, now, opening_.error());
      return on_opened(session, now);

    case Phase::claiming:
      if (auto next = claiming_.resume(session, result)) return next;
      if (claiming_.error()) return fail(session, now, claiming_.error());
      return find_source(session, now);

    case Phase::scanning:
      if (auto next = scan_.resume(session, result)) return next;
      return on_scanned(session, now);

    case Phase::taking:
      if (auto next = taking_.resume(session, result)) return next;
      return on_judged(session, now);

    case Phase::leaving_queue:
      if (auto next = leaving_.resume(result)) return next;
      return on_taken(session, now);

    case Phase::leaving_line:
      if (auto next = leaving_.resume(result)) return next;
      return last_look(session, now);

    case Phase::mirroring:
      if (auto next = mirror_->resume(session, result)) return next;
      return on_mirrored(session, now);

    case Phase::clearing_readers:
      if (auto next = clearing_->resume(session, result)) return next;
      return on_cleared(session, now);

    case Phase::sharing:
      if (auto next = sharing_->resume(session, result)) return next;
      return on_shared(session, now);

    case Phase::undoing:
      if (auto next = undoing_->resume(session, result)) return next;
      return on_undone(session, now);

    case Phase::lining_up:
      if (auto next = line_.resume(session, result)) return next;
      return on_lined_up(session, now);

    case Phase::queuing:
      if (auto next = place_->resume(session, result)) return next;
      if (place_->outrun()) return scan(session, {.nudge = !session.timing.local, .may_create = true});
      return wait(session, now, until_);

    case Phase::waiting:
      if (auto next = waiting_.resume(session, result)) return next;
      return on_waited(session, now);

    case Phase::ending:
      return leaving_.resume(result);
  }
  return std::nullopt;
}

void Acquire::give_up() {
  request_.give_up_at = LeaseTime::min();
  mirror_->give_up();
  if (clearing_) clearing_->give_up();
  waiting_.give_up();
}

Next Acquire::on_opened(Session& session, LeaseTime now) {
  if (!session.settings.fenced) return mirror(session, now);
  if (!session.settings.mirror || session.claim) return find_source(session, now);
  // Before anything is taken: what keeps the claim from being made is found out while there is nothing to give back.
  phase_ = Phase::claiming;
  return claiming_.start(session);
}

/// 5.2 step 2.
Next Acquire::find_source(Session& session, LeaseTime now) {
  // Whoever takes a slot of a semaphore always looks who waits (9.1).
  const bool may_guess =
      session.guess_is_good && !session.is_semaphore() && (session.timing.local || session.guesses_left > 0);
  if (!session.last_free.empty() && may_guess && session.fence_open) {
    --session.guesses_left;
    phase_ = Phase::taking;
    if (auto next = taking_.start_guessing(session, now)) return next;
    return on_judged(session, now);
  }
  // The first nudge is the first anchor as well.
  return scan(session, {.nudge = session.anchor_is_old(now), .may_create = true});
}

Next Acquire::scan(Session& session, ScanRequest request) {
  phase_ = Phase::scanning;
  return scan_.start(session, request);
}

Next Acquire::on_scanned(Session& session, LeaseTime now) {
  if (scan_.error()) return fail(session, now, scan_.error());
  if (!scan_.baton()) return fail(session, now, Errc::fence_damaged);
  standing_ = stand(session, scan_);
  waiting_.note(session, scan_, standing_);
  if (scan_.name() == session.last_free && scan_.tickets().empty()) session.guess_is_good = true;
  // A holder whose names are too short-lived to be flagged must look now and then who waits; who was alone for long,
  // less.
  session.guesses = standing_.others_wait ? 1 : std::min(2 * session.guesses, most_guesses);
  session.guesses_left = session.guesses;
  candidates_ = candidates(session, scan_, standing_);
  next_candidate_ = 0;
  until_ = LeaseTime::max();
  return take_next(session, now);
}

Next Acquire::take_next(Session& session, LeaseTime now) {
  if (next_candidate_ == candidates_.size()) {
    // Whom we wait for is he whose lease ends first.
    const auto held = std::ranges::find_if(candidates_, [](const auto& each) { return each.found.baton.held; });
    if (held != candidates_.end()) session.holder = held->found.baton;
    return queue(session, now);
  }
  const Candidate& candidate = candidates_[next_candidate_++];
  const bool others_wait = standing_.others_wait && !session.is_semaphore();
  phase_ = Phase::taking;
  if (auto next = taking_.start(session, candidate.found, scan_.seen(), candidate.ahead, others_wait, now)) return next;
  return on_judged(session, now);
}

/// The tickets that go when the baton is ours: forgotten ones, and those of others who were before us and did not act
/// when it was theirs: crashed, most of them. One who was only slow gets a new ticket.
std::vector<std::string> Acquire::cleared(const Session& session) {
  std::vector<std::string> names = std::exchange(standing_.forgotten, {});
  const auto& before = standing_.before;
  // Those for whom there was another slot are not late.
  const std::size_t passed = session.is_semaphore() ? std::min(taking_.ahead(), before.size()) : before.size();
  if (!request_.by_force)
    names.insert(names.end(), before.begin(), before.begin() + static_cast<std::ptrdiff_t>(passed));
  return names;
}

/// 5.2 steps 3 and 5.
Next Acquire::on_judged(Session& session, LeaseTime now) {
  switch (taking_.outcome()) {
    case TakeBaton::Outcome::taken:
      if (session.hold->owner) return end(session, {});  // a deliberate bug only
      phase_ = Phase::leaving_queue;
      if (auto next = leaving_.start(session, cleared(session), request_.keep_place)) return next;
      return on_taken(session, now);
    case TakeBaton::Outcome::held:
      until_ = std::min(until_, taking_.until());
      return take_next(session, now);
    case TakeBaton::Outcome::outrun:
    case TakeBaton::Outcome::replaced:
      if (++lost_races_ % most_lost_races == 0) return wait(session, now, now + session.timing.last_poll);
      return scan(session, {.nudge = !session.timing.local, .may_create = true});
    case TakeBaton::Outcome::failed:
      return fail(session, now, taking_.error());
  }
  return std::nullopt;
}

/// In front of the wait, as far as that is not done: the line on this host (7.3), then the queue (7.2).
Next Acquire::queue(Session& session, LeaseTime now) {
  if (now >= request_.give_up_at) return wait(session, now, until_);
  if (StandInLine::applies(session, Place::fence) && !lined_up_) {
    phase_ = Phase::lining_up;
    return line_.start(session, Place::fence, now, std::min(until_, request_.give_up_at));
  }
  if (session.settings.fair && scan_.baton() && !placed_) {
    placed_ = true;
    phase_ = Phase::queuing;
    if (auto next = place_.anew()->start(session, scan_, now)) return next;
  }
  return wait(session, now, until_);
}

Next Acquire::on_lined_up(Session& session, LeaseTime now) {
  if (session.settings.gate_required && !session.timing.wakes) {
    return end(session, Errc::fast_path_unavailable);
  }
  lined_up_ = session.in_gate;
  if (!session.in_gate) taking_.sleeps();
  if (now >= request_.give_up_at && !session.in_gate) return end(session, Errc::timed_out);
  return scan(session, {.nudge = session.anchor_is_old(now), .may_create = true});
}

/// 7.1: until something changes, but not past `until`, when a lease may have run out.
Next Acquire::wait(Session& session, LeaseTime now, LeaseTime until) {
  phase_ = Phase::waiting;
  lined_up_ = placed_ = false;
  taking_.sleeps();
  if (auto next = waiting_.start(session, now, until)) return next;
  return on_waited(session, now);
}

Next Acquire::on_waited(Session& session, LeaseTime now) {
  if (waiting_.outcome() == WaitForChange::Outcome::timed_out) return end(session, Errc::timed_out);
  if (!session.opened) {
    phase_ = Phase::opening;
    return opening_.start(session);
  }
  if (!session.settings.fenced) return mirror(session, now);
  if (waiting_.outcome() == WaitForChange::Outcome::look) return scan(session, waiting_.scan());
  until_ = LeaseTime::max();
  if (session.is_semaphore()) {
    next_candidate_ = 0;
    return take_next(session, now);
  }
  phase_ = Phase::taking;
  if (auto next = taking_.reconsider(session, now)) return next;
  return on_judged(session, now);
}

Next Acquire::fail(Session& session, LeaseTime now, std::error_code why) {
  const bool gone = why.category() == std::system_category() && is_absent(why.value());
  if (gone && session.opened && !reopened_) {
    // The directory was removed and made anew, or mounted anew, since this object opened it.
    reopened_ = true;
    session.forget_directory();
    phase_ = Phase::opening;
    return opening_.start(session);
  }
  const auto& passing = session.settings.retry_errnos;
  const bool retry =
      why.category() == std::system_category() && std::ranges::find(passing, why.value()) != passing.end();
  if (retry && now < request_.give_up_at) return wait(session, now, now + session.timing.last_poll);
  return end(session, why);
}

Next Acquire::end(Session& session, std::error_code error) {
  error_ = error;
  phase_ = Phase::ending;
  return leaving_.start(session, std::exchange(standing_.forgotten, {}), !error && request_.keep_place);
}

}  // namespace leaselock::protocol
