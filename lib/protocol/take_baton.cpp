#include "protocol/take_baton.hpp"

#include <algorithm>

#include "protocol/mutation.hpp"

namespace leaselock::protocol {
namespace {

constexpr std::size_t most_let_pass = 16;

}  // namespace

Next TakeBaton::start(Session& session, const FoundBaton& found, LeaseTime seen, std::size_t ahead, bool others_wait,
                      LeaseTime now) {
  // Who lines up lists again before it sleeps, and the sleep ends at once should the owner have died meanwhile (8).
  probed_ = probed_ && !gone_ && source_name_ == found.name;
  source_ = found.baton;
  source_name_ = found.name;
  ahead_ = ahead;
  others_wait_ = others_wait;
  guessing_ = false;
  stamped_ = false;
  // A flag of our own has changed the time that the file shows; it was asked for before.
  made_ = session.flag && session.flag->name == source_name_ ? session.flag->made : std::nullopt;
  const bool ours = is_ours(session);
  if (ours && mutated(Bug::owns_by_listing)) {
    session.hold = Hold{source_, source_name_, source_.sequence, {}, now + source_.lifetime(), true, false, false};
    return end(Outcome::taken);
  }
  session.watch(source_.slot, source_name_, seen);
  if (ours) {
    // A listed name with our own id, from a request given up earlier, is no hold: it is taken like a free one.
    ending_ = Ending::none;
    return take(session, now);
  }
  if (source_.held) session.holder = source_;
  return judge(session, now);
}

Next TakeBaton::start_guessing(Session& session, LeaseTime now) {
  source_ = *session.last_free_baton;
  source_name_ = session.last_free;
  ahead_ = 0;
  others_wait_ = false;
  guessing_ = true;
  stamped_ = false;
  ending_ = Ending::released;
  return take(session, now);
}

Next TakeBaton::reconsider(Session& session, LeaseTime now) {
  stamped_ = false;
  probed_ = false;
  return judge(session, now);
}

Next TakeBaton::resume(Session& session, const Result& result) {
  switch (phase_) {
    case Phase::stamping:
    case Phase::judging:
      if (is_absent(result.error)) return end(Outcome::replaced);
      if (result.error != 0) return fail(os_error(result.error));
      session.take_anchor(result);
      stamped_ = true;
      return phase_ == Phase::stamping ? take(session, result.received) : judge(session, result.received);
    case Phase::looking:
      if (is_absent(result.error)) return end(Outcome::outrun);
      if (result.error != 0) return fail(os_error(result.error));
      made_ = result.status.changed;
      return judge(session, result.received);
    case Phase::probing:
      return on_probed(session, result);
    case Phase::renaming:
      return on_renamed(session, result);
    case Phase::cleaning:
      return end(Outcome::failed);
  }
  return std::nullopt;
}

/// May the name of another be taken? A free one in our turn, if it was made promptly (4.7); else when a lease has
/// certainly ended: by a stamp of our own (4.4), by having watched it for a lease (4.5), or because its owner is dead
/// (8).
Next TakeBaton::judge(Session& session, LeaseTime now) {
  if (by_force_) {
    ending_ = Ending::forced;
    return take(session, now);
  }
  if (mutated(Bug::gate_is_ownership) && session.in_gate) return take(session, now);
  return source_.held ? judge_held(session, now) : judge_free(session, now);
}

Next TakeBaton::judge_free(Session& session, LeaseTime now) {
  ending_ = source_.number == 0 ? Ending::none : Ending::released;
  if (const LeaseTime ours = turn(session); now < ours && !mutated(Bug::jumps_the_queue)) return wait(ours);
  // A fresh one has had no owner, our own one was made by us, and a local kernel has made the name before the caller
  // could be killed.
  const bool prompt = source_.number == 0 || source_name_ == session.last_free || session.timing.local;
  if (prompt || mutated(Bug::believes_late_release)) return take(session, now);
  if (!made_) return look();
  if (is_prompt(*made_, source_.sent(), session.timing.bounds)) return take(session, now);
  return judge_lease(session, now);
}

Next TakeBaton::judge_held(Session& session, LeaseTime now) {
  ending_ = Ending::expired;
  const bool here = session.process_here(source_.owner).has_value() || mutated(Bug::death_from_pid_alone);
  if (here && !probed_) {
    phase_ = Phase::probing;
    return step::ProbeProcess{{source_.owner.boot, source_.owner.start, source_.owner.pid}};
  }
  if (!probed_ || !gone_ || !owner_may_be_judged_dead(session)) return judge_lease(session, now);
  const ClockBounds& bounds = session.timing.bounds;
  Duration delay = forbearance(session);
  // Over the network a rename of the dead one may still hit our name, and must not pass for a prompt release then
  // (4.7).
  const bool orphans = !session.timing.local && !mutated(Bug::breaks_dead_at_once);
  if (orphans) delay += longest(bounds.grace + bounds.stamp_error, bounds);
  const LeaseTime certain = *watch(session).gone_at + delay;
  return now >= certain ? take(session, now) : wait(certain);
}

/// Over the network the death of an owner whose name may be a late one says nothing (4.7): that name must have been
/// listed, by us, while he lived, and nobody but we may have flagged it.
bool TakeBaton::owner_may_be_judged_dead(const Session& session) const {
  if (session.timing.local) return true;
  const bool seen = watch(session).seen_running || mutated(Bug::believes_unseen_death);
  return seen && !session.is_foreign_flag(source_, source_name_);
}

Next TakeBaton::on_probed(Session& session, const Result& result) {
  probed_ = true;
  gone_ = result.error == 0 && result.gone;
  if (mutated(Bug::death_from_pid_alone)) gone_ = !result.runs;
  Watch& seen = session.watch(source_.slot, source_name_, result.received);
  if (result.error == 0 && result.runs) seen.seen_running = true;
  if (gone_ && !seen.gone_at) seen.gone_at = result.received;
  return judge(session, result.received);
}

Next TakeBaton::judge_lease(Session& session, LeaseTime now) {
  ClockBounds bounds = session.timing.bounds;
  if (!session.settings.trust_server_clock) {
    const LeaseTime patience =
        watch(session).first_seen + longest(longest_lease(session), bounds) + forbearance(session);
    return now >= patience ? take(session, now) : wait(patience);
  }
  if (mutated(Bug::breaks_at_expiry)) bounds.grace = -source_.lifetime() / 2;
  const ServerTime lease_ends = lease_end(session) + forbearance(session);
  if (session.anchor && may_break(lease_ends, session.anchor->stamp, bounds)) {
    if (!made_ && !session.timing.local && !mutated(Bug::breaks_by_name_alone)) return look();
    if (!mutated(Bug::takes_whatever_is_held)) return take(session, now);
    by_force_ = true;
    return end(Outcome::outrun);
  }
  if (!session.anchor) return stamp(Phase::judging);
  const LeaseTime ask = worth_asking(*session.anchor, lease_ends + bounds.grace);
  if (ask > now) return wait(ask);
  if (mutated(Bug::breaks_by_own_clock)) return take(session, now);
  return stamped_ ? wait(now + session.timing.first_poll) : stamp(Phase::judging);
}

/// When a free baton is ours to take: at once if nobody was there before us, else when those who were had their chance.
LeaseTime TakeBaton::turn(const Session& session) const {
  const Duration chance = forbearance(session);
  if (chance == Duration::zero()) return LeaseTime::min();
  const LeaseTime by_watching = watch(session).first_seen + chance;
  if (!session.anchor) return by_watching;
  return std::min(by_watching, worth_asking(*session.anchor, source_.sent() + chance));
}

/// One patience for each of those before us, within reason: most of them are one host's that crashed.
Duration TakeBaton::forbearance(const Session& session) const {
  if (mutated(Bug::waits_for_every_ticket) && ahead_ > 0) return std::chrono::hours(1);
  return static_cast<std::int64_t>(std::min(ahead_, most_let_pass)) * session.timing.patience;
}

/// Until when somebody may own the lock. What the name says, if it was made promptly. A rename whose process was killed
/// may be executed late by its host's kernel, and under whatever name the file has by then: it may have hit a hold that
/// is no longer visible, and which was at most a lifetime old at that moment (4.7). So may a flag.
ServerTime TakeBaton::lease_end(const Session& session) const {
  const bool foreign_flag = session.is_foreign_flag(source_, source_name_) && !mutated(Bug::trusts_every_flag);
  if (!made_) return source_.expiry();
  if (!foreign_flag && is_prompt(*made_, source_.sent(), session.timing.bounds)) return source_.expiry();
  return std::max(source_.expiry(), *made_ + longest_lease(session));
}

const Watch& TakeBaton::watch(const Session& session) const { return *session.find_watch(source_.slot); }

Duration TakeBaton::longest_lease(const Session& session) const {
  return std::max(source_.lifetime(), session.settings.lifetime);
}

Next TakeBaton::look() {
  phase_ = Phase::looking;
  return step::Look{Place::fence, source_name_, true};
}

Next TakeBaton::stamp(Phase phase) {
  phase_ = phase;
  return step::Touch{Place::fence, "", std::nullopt};
}

/// 5.2 step 5.
Next TakeBaton::take(Session& session, LeaseTime now) {
  const bool fresh_baton = !source_.held && source_.number == 0;
  const bool must_stamp = fresh_baton && !stamped_ && !mutated(Bug::first_number_from_old_stamp);
  if (session.anchor_is_old(now) || must_stamp) return stamp(Phase::stamping);

  const Duration lifetime = session.settings.lifetime;
  next_ = Baton{};
  next_.purpose = source_.purpose;
  next_.slot = source_.slot;
  next_.held = true;
  next_.number = by_next_number_ ? source_.number + 1 : next_number(source_.number, session.anchor->stamp);
  // A number that no clock has led to was put there by somebody.
  if (next_.number > largest_number) return fail(Errc::fence_damaged);
  if (mutated(Bug::keeps_number_of_own_name) && is_ours(session)) next_.number = source_.number;
  if (mutated(Bug::names_recur)) next_.number = 1;
  next_.expiry_ms = choose_expiry(*session.anchor, now, lifetime);
  next_.lifetime_ms = std::chrono::ceil<std::chrono::milliseconds>(lifetime).count();
  next_.owner = session.me;
  next_.wanted = others_wait_;
  next_deadline_ = deadline(*session.anchor, now, lifetime, next_.expiry(), session.timing.bounds);
  phase_ = Phase::renaming;
  next_name_ = session.names.baton(next_);
  return step::Rename{Place::fence, source_name_, next_name_};
}

Next TakeBaton::on_renamed(Session& session, const Result& result) {
  if (result.error == 0) {
    session.hold =
        Hold{std::move(next_), std::move(next_name_), 0, {{0, next_deadline_}}, next_deadline_, false, false, false};
    if (mutated(Bug::deadline_from_reply)) session.hold->deadline = result.received + session.settings.lifetime;
    std::erase_if(session.watches, [&](const Watch& watch) { return watch.slot == source_.slot; });
    // An attempt that had to be undone may have been the one that broke a hold, and then finds its own release. And one
    // of several slots may have been broken.
    const bool broke_before = session.predecessor != Ending::none && session.predecessor != Ending::released;
    if (source_.held || !broke_before) session.predecessor = ending_;
    if (source_.held) session.predecessor_baton = source_;
    return end(Outcome::taken);
  }
  if (is_absent(result.error)) {
    // Somebody was first, or our own request was and its reply got lost, or a cache lied: a forced scan tells.
    if (guessing_) session.guess_is_good = false;
    session.last_free.clear();
    return end(Outcome::outrun);
  }
  if (is_occupied(result.error) || result.error == EISDIR) return fail(Errc::fence_damaged);
  if (mutated(Bug::cleans_up_after_unknown) && session.mirrored()) {
    error_ = os_error(result.error);
    phase_ = Phase::cleaning;
    return step::Unlink{Place::lock_directory, session.names.base()};
  }
  // Unknown: it may still happen. Then the name ages at its E, or the next attempt finds and takes it.
  return fail(os_error(result.error));
}

bool TakeBaton::is_ours(const Session& session) const {
  if (!source_.held || !source_.owner.same_object(session.me)) return false;
  return !session.is_foreign_flag(source_, source_name_) || mutated(Bug::trusts_every_flag);
}

Next TakeBaton::wait(LeaseTime until) {
  until_ = until;
  return end(Outcome::held);
}

Next TakeBaton::end(Outcome outcome) {
  outcome_ = outcome;
  return std::nullopt;
}

Next TakeBaton::fail(std::error_code why) {
  error_ = why;
  return end(Outcome::failed);
}

}  // namespace leaselock::protocol
