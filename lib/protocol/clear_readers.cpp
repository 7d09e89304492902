#include "protocol/clear_readers.hpp"

#include <algorithm>
#include <utility>

#include "protocol/mutation.hpp"

namespace leaselock::protocol {
namespace {

constexpr auto longest_watch = std::chrono::seconds(1);  // should a wake-up ever be missed
constexpr auto longest_doubt = std::chrono::seconds(1);  // a change within a tick of the listing does not show (7.1)

}  // namespace

Next ClearReaders::start(Session& session, LeaseTime now, LeaseTime give_up_at, std::string except, bool by_force) {
  *this = ClearReaders{};
  give_up_at_ = give_up_at;
  except_ = std::move(except);
  by_force_ = by_force;
  began_ = now;
  refresh_at_ = now + session.settings.lifetime / 3;
  // True, because the last change of the directory was our own, the baton's rename or what followed it (5.1): a reader
  // that is missed is one that is written over.
  phase_ = Phase::listing;
  return step::List{Place::fence};
}

/// What leases are judged by, taken before anything is looked at; and the next listing is true.
Next ClearReaders::stamp() {
  phase_ = Phase::stamping;
  return step::Touch{Place::fence, "", std::nullopt};
}

Next ClearReaders::resume(Session& session, const Result& result) {
  const LeaseTime now = result.received;
  switch (phase_) {
    case Phase::stamping:
      if (result.error != 0) return fail(result.error);
      session.take_anchor(result);
      stamped_ = now;
      changed_ = result.status.changed;
      phase_ = Phase::listing;
      return step::List{Place::fence};
    case Phase::listing:
      if (result.error != 0) return fail(result.error);
      return on_listed(session, result);
    case Phase::probing:
      readers_[at_].probed = true;
      if (result.error == 0 && result.gone) return remove(session);
      return judge(session, now);
    case Phase::looking:
      return on_seen(session, result);
    case Phase::removing:
      if (auto next = removing_.resume(result)) return next;
      if (removing_.error() != 0) return fail(removing_.error());
      return drop(session, now);
    case Phase::watching:
      if (auto next = line_.resume(session, result)) return next;
      // What changed before the watch began is not told.
      return stamp();
    case Phase::waiting:
      return on_woken(session, now);
    case Phase::polling:
      if (result.error != 0) return fail(result.error);
      if (result.status.changed == changed_) return sleep(session, now);
      changed_ = result.status.changed;
      phase_ = Phase::listing;
      return step::List{Place::fence};
    case Phase::refreshing:
      if (auto next = refreshing_->resume(session, result)) return next;
      if (refreshing_->outcome() == RefreshBaton::Outcome::lost) return end(Outcome::lost);
      refresh_at_ = now + session.settings.lifetime / 3;
      return stamp();
  }
  return std::nullopt;
}

Next ClearReaders::on_listed(Session& session, const Result& result) {
  std::vector<Known> before = std::exchange(readers_, {});
  for (const Entry& entry : result.entries) {
    const auto reader = session.names.parse_reader(entry.name);
    if (!reader || entry.name == except_) continue;
    const auto known = std::ranges::find(before, entry.name, &Known::name);
    readers_.push_back(known == before.end() ? Known{*reader, entry.name, reader->expiry()} : *known);
  }
  if (!readers_.empty() && stamped_ == LeaseTime{}) return stamp();
  at_ = 0;
  return judge(session, result.received);
}

/// The reader at at_, and then those after it.
Next ClearReaders::judge(Session& session, LeaseTime now) {
  while (at_ < readers_.size()) {
    Known& known = readers_[at_];
    if (by_force_ || mutated(Bug::writer_ignores_readers)) return remove(session);
    if (!known.probed && session.process_here(known.reader.owner)) {
      phase_ = Phase::probing;
      return step::ProbeProcess{*session.process_here(known.reader.owner)};
    }
    const bool ended = has_ended(session, known, now);
    if (ended && mutated(Bug::breaks_reader_by_name)) return remove(session);
    const bool unknown = !known.looked && !session.settings.trust_server_clock;
    if (ended || unknown) {
      // It may have been refreshed: the file tells.
      phase_ = Phase::looking;
      return step::Look{Place::fence, known.name, true};
    }
    ++at_;
  }
  return readers_.empty() ? end(Outcome::clear) : wait(session, now);
}

Next ClearReaders::on_seen(Session& session, const Result& result) {
  const LeaseTime now = result.received;
  // Only a fresh listing tells that a reader is gone.
  if (is_absent(result.error)) return sleep(session, now);
  if (result.error != 0) return fail(result.error);
  Known& known = readers_[at_];
  const ServerTime expiry = known.reader.lease_end(result.status);
  if (!std::exchange(known.looked, true) || expiry != known.expiry) known.since = now;
  known.expiry = expiry;
  return has_ended(session, known, result.sent) ? remove(session) : judge(session, now);
}

/// By a stamp that was taken before the file was looked at (4.4), or by having watched it for a lease (4.5); a reader's
/// lease is never longer than its first.
bool ClearReaders::has_ended(const Session& session, const Known& known, LeaseTime now) {
  if (!session.settings.trust_server_clock) return known.looked && now >= may_end_at(session, known);
  return session.anchor && may_break(known.expiry, session.anchor->stamp, session.timing.bounds);
}

LeaseTime ClearReaders::may_end_at(const Session& session, const Known& known) {
  const ClockBounds& bounds = session.timing.bounds;
  if (session.settings.trust_server_clock) return worth_asking(*session.anchor, known.expiry + bounds.grace);
  return known.since + longest(std::chrono::milliseconds(known.reader.lifetime_ms), bounds);
}

Next ClearReaders::remove(const Session& session) {
  phase_ = Phase::removing;
  return removing_.start(session.timing.local, readers_[at_].name);
}

Next ClearReaders::drop(Session& session, LeaseTime now) {
  readers_.erase(readers_.begin() + static_cast<std::ptrdiff_t>(at_));
  return judge(session, now);
}

Next ClearReaders::wait(Session& session, LeaseTime now) {
  if (now >= give_up_at_) return end(Outcome::timed_out);
  if (session.timing.wakes && session.watching != Place::fence) {
    phase_ = Phase::watching;
    return line_.start_watching(Place::fence);
  }
  return sleep(session, now);
}

Next ClearReaders::sleep(Session& session, LeaseTime now) {
  if (now >= give_up_at_) return end(Outcome::timed_out);
  for (Known& known : readers_) known.probed = false;
  const Timing& timing = session.timing;
  LeaseTime until = std::min(give_up_at_, refresh_at_);
  for (const Known& known : readers_) {
    until = std::min(until, may_end_at(session, known));
  }
  const Duration length = std::clamp((now - began_) / 16, timing.first_poll, timing.first_place_poll);
  const bool watching = session.watching == Place::fence;
  const Duration most = watching ? Duration(longest_watch) : session.with_jitter(length);
  phase_ = Phase::waiting;
  // Never at once again: a stamp may be behind our estimate of it.
  until = std::max(until, now + timing.first_poll / 2);
  return step::WaitUntil{std::min(until, now + most), watching, session.process_here(readers_.front().reader.owner)};
}

Next ClearReaders::on_woken(Session& session, LeaseTime now) {
  if (now >= refresh_at_) {
    phase_ = Phase::refreshing;
    if (auto next = refreshing_->start(session, now)) return next;
  }
  const bool one_ended =
      std::ranges::any_of(readers_, [&](const Known& known) { return may_end_at(session, known) <= now; });
  if (one_ended || (!session.timing.local && now - stamped_ >= longest_doubt)) return stamp();
  if (session.timing.local) {
    phase_ = Phase::listing;
    return step::List{Place::fence};
  }
  phase_ = Phase::polling;
  return step::Look{Place::fence, "", true};
}

Next ClearReaders::end(Outcome outcome) {
  outcome_ = outcome;
  return std::nullopt;
}

Next ClearReaders::fail(int error) {
  // The fence directory is gone, and the baton with it.
  if (is_absent(error)) return end(Outcome::lost);
  error_ = os_error(error);
  return end(Outcome::failed);
}

}  // namespace leaselock::protocol
