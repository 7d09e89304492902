#include "protocol/each_slot.hpp"

#include <utility>

namespace leaselock::protocol {

Next ReleaseSlots::start(Session& session, LeaseTime now) {
  // Before anything is sent: whoever asks from now on is told that we hold nothing.
  for (Hold& hold : session.more) hold.owner = false;
  releasing_ = Release{};
  if (auto next = releasing_.start(session, now)) return next;
  note();
  return next(session, now);
}

Next ReleaseSlots::resume(Session& session, const Result& result) {
  if (auto more = releasing_.resume(session, result)) return more;
  note();
  return next(session, result.received);
}

Next ReleaseSlots::next(Session& session, LeaseTime now) {
  while (!session.more.empty()) {
    session.hold = std::move(session.more.back());
    session.more.pop_back();
    releasing_ = Release{};
    if (auto more = releasing_.start(session, now)) return more;
    note();
  }
  return std::nullopt;
}

void ReleaseSlots::note() {
  if (releasing_.error() && error_ != Errc::lease_lost) error_ = releasing_.error();
}

Next RefreshSlots::start(Session& session, LeaseTime now) {
  left_ = session.more.size() + 1;
  return refresh(session, now);
}

Next RefreshSlots::refresh(Session& session, LeaseTime now) {
  refreshing_ = Refresh(lifetime_);
  if (auto next = refreshing_.start(session, now)) return next;
  return on_refreshed(session, now);
}

Next RefreshSlots::resume(Session& session, const Result& result) {
  if (gives_back_) {
    if (auto next = releasing_.resume(session, result)) return next;
    session.lost = true;
    return std::nullopt;
  }
  if (auto next = refreshing_.resume(session, result)) return next;
  return on_refreshed(session, result.received);
}

Next RefreshSlots::on_refreshed(Session& session, LeaseTime now) {
  if (refreshing_.error()) error_ = refreshing_.error();
  if (!session.hold) return give_back(session, now);
  // The next one to the front; after the last they stand as before.
  session.more.push_back(std::move(*session.hold));
  session.hold = std::move(session.more.front());
  session.more.erase(session.more.begin());
  return --left_ == 0 ? std::nullopt : refresh(session, now);
}

Next RefreshSlots::give_back(Session& session, LeaseTime now) {
  error_ = Errc::lease_lost;
  session.lost = true;
  if (session.more.empty()) return std::nullopt;
  gives_back_ = true;
  session.hold = std::move(session.more.back());
  session.more.pop_back();
  if (auto next = releasing_.start(session, now)) return next;
  return std::nullopt;
}

}  // namespace leaselock::protocol
