#include "protocol/refresh_reader.hpp"

#include <algorithm>
#include <cerrno>

#include "leaselock/error.hpp"
#include "protocol/mutation.hpp"

namespace leaselock::protocol {

Next RefreshReader::start(Session& session, LeaseTime now) {
  *this = RefreshReader{};
  if (now >= session.hold->deadline && !mutated(Bug::reader_revives)) return lose(session, true);
  if (!session.anchor_is_old(now)) return touch(session, now);
  phase_ = Phase::stamping;
  return step::Touch{Place::fence, "", std::nullopt};
}

Next RefreshReader::touch(Session& session, LeaseTime now) {
  // Never longer than the first: whoever goes by the watch rule waits for the length in the name (4.5).
  lifetime_ = std::min<Duration>(session.settings.lifetime, session.hold->baton.lifetime());
  const std::int64_t expiry = choose_expiry(*session.anchor, now, lifetime_);
  sending_ = now;
  // Another one each time, so that whoever watches sees that it was refreshed.
  expiry_ = ServerTime(std::chrono::milliseconds(std::max(expiry, session.hold->baton.expiry_ms + 1)));
  phase_ = Phase::touching;
  return step::Touch{Place::fence, session.hold->name, expiry_};
}

Next RefreshReader::resume(Session& session, const Result& result) {
  switch (phase_) {
    case Phase::stamping:
      if (result.error == 0) {
        session.take_anchor(result);
        return touch(session, result.received);
      }
      error_ = os_error(result.error);
      return std::nullopt;
    case Phase::touching:
      return on_touched(session, result);
    case Phase::withdrawing:
      return withdrawing_.resume(result);
  }
  return std::nullopt;
}

Next RefreshReader::on_touched(Session& session, const Result& result) {
  if (result.error == ENOENT) return lose(session, false);
  Hold& hold = *session.hold;
  if (result.error != 0) {
    // It may be executed at any later time, and put back what a later refresh has set.
    hold.in_doubt =
        std::min(hold.in_doubt, deadline(*session.anchor, sending_, lifetime_, expiry_, session.timing.bounds));
    error_ = os_error(result.error);
    return std::nullopt;
  }
  if (result.received >= hold.deadline && !mutated(Bug::reader_revives)) return lose(session, true);
  // What the server made of it is what a writer sees.
  const ServerTime granted = std::min(expiry_, result.status.modified);
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(granted.time_since_epoch()).count();
  if (milliseconds <= hold.baton.expiry_ms) {
    error_ = os_error(EAGAIN);
    return std::nullopt;
  }
  const LeaseTime until = deadline(*session.anchor, sending_, lifetime_, granted, session.timing.bounds);
  if (hold.in_doubt < until && hold.in_doubt <= hold.deadline) error_ = os_error(EAGAIN);
  hold.deadline = std::max(hold.deadline, std::min(until, hold.in_doubt));
  session.take_anchor(result);
  hold.baton.expiry_ms = milliseconds;
  return std::nullopt;
}

Next RefreshReader::lose(Session& session, bool is_there) {
  error_ = Errc::lease_lost;
  std::string name = session.hold->name;
  session.forget_hold();
  session.lost = true;
  if (!is_there) return std::nullopt;
  // It shall not stand in a writer's way until it ends by itself.
  phase_ = Phase::withdrawing;
  return withdrawing_.start(session.timing.local, std::move(name));
}

}  // namespace leaselock::protocol
