#include "protocol/take_place.hpp"

#include <algorithm>
#include <utility>

namespace leaselock::protocol {

Next TakePlace::start(Session& session, const Scan& scan, LeaseTime now) {
  baton_ = *scan.baton();
  name_ = scan.name();
  if (!scan.tickets().empty()) newest_ns_ = scan.tickets().back().first.stamp_ns;
  if (session.ticket.empty()) return make_ticket(session, now);
  if (std::ranges::find(scan.tickets(), session.ticket, &std::pair<Ticket, std::string>::second) !=
      scan.tickets().end()) {
    return flag(session, now);
  }
  // Somebody passed us and took it away. Should it be there in spite of an old listing, nobody must wait for it. Once
  // we may go back to where we were: we know now that it is our turn.
  again_ = std::exchange(session.arrival_ns, std::nullopt);
  phase_ = Phase::removing_ticket;
  return removing_.start(session.timing.local, std::exchange(session.ticket, {}));
}

Next TakePlace::make_ticket(const Session& session, LeaseTime now) {
  const ServerTime arrival = session.anchor ? estimate(*session.anchor, now) : ServerTime{};
  // Behind those we have seen, however wrong our idea of the time is: nobody shall wait for one who does not know it.
  const std::int64_t behind = std::min(newest_ns_, std::numeric_limits<std::int64_t>::max() - 1) + 1;
  stamp_ns_ = again_.value_or(std::max<std::int64_t>(arrival.time_since_epoch().count(), behind));
  ticket_ = session.names.ticket(Ticket{stamp_ns_, session.me});
  phase_ = Phase::making_ticket;
  if (session.timing.local) return step::CreateFile{Place::fence, ticket_, ""};
  return step::MakeDirectory{Place::fence, ticket_, 0777U};
}

Next TakePlace::resume(Session& session, const Result& result) {
  switch (phase_) {
    case Phase::removing_ticket:
      if (auto next = removing_.resume(result)) return next;
      return make_ticket(session, result.received);
    case Phase::making_ticket:
      if (is_absent(result.error)) {
        outrun_ = true;
        return std::nullopt;
      }
      // Nobody else makes this name, so one that is there is ours, from a request whose reply was lost.
      if (result.error != 0 && result.error != EEXIST) return std::nullopt;
      if (!again_) session.arrival_ns = stamp_ns_;
      session.ticket = ticket_;
      return flag(session, result.received);
    case Phase::looking:
      outrun_ = is_absent(result.error);
      if (result.error != 0) return std::nullopt;
      made_ = result.status.changed;
      return rename(session, result.received);
    case Phase::flagging:
      outrun_ = is_absent(result.error);
      if (result.error != 0) return std::nullopt;
      session.flag = Flag{flagged_, made_};
      // The same hold as before, which nobody refreshed: it has been watched for as long.
      for (Watch& watch : session.watches) {
        if (watch.name == name_) watch.name = flagged_;
      }
      return std::nullopt;
  }
  return std::nullopt;
}

Next TakePlace::flag(Session& session, LeaseTime now) {
  // Holders of a semaphore's slots always look (9.1).
  if (!baton_.held || baton_.wanted || !session.anchor || session.is_semaphore()) return std::nullopt;
  // Whoever gives back a lease that has ended must be able to tell that it was still his (5.5).
  if (estimate(*session.anchor, now) + session.timing.bounds.stamp_error >= baton_.expiry()) return std::nullopt;
  // The flag hides when the name was made, which tells how long somebody may own the lock (4.7).
  if (session.timing.local) return rename(session, now);
  phase_ = Phase::looking;
  return step::Look{Place::fence, name_, true};
}

Next TakePlace::rename(const Session& session, LeaseTime now) {
  Baton flagged = baton_;
  flagged.wanted = true;
  const auto sent = estimate(*session.anchor, now).time_since_epoch();
  flagged.wanted_ms = std::chrono::floor<std::chrono::milliseconds>(sent).count();
  flagged.wanted_by = session.me.random.substr(0, 16);
  flagged_ = session.names.baton(flagged);
  phase_ = Phase::flagging;
  return step::Rename{Place::fence, name_, flagged_};
}

}  // namespace leaselock::protocol
