#include "protocol/inspect.hpp"

#include <algorithm>

#include "protocol/mutation.hpp"

namespace leaselock::protocol {

bool Sighting::shows_hold_of(const Session& session) const {
  if (!session.hold || !session.hold->owner) return false;
  if (!session.settings.fenced) {
    return lock_file && session.claim && same_file(*lock_file, session.claim->status) &&
           claim_name == session.claim->name;
  }
  const Hold& hold = *session.hold;
  const auto is_shown = [&](const Hold& ours) {
    return std::ranges::any_of(slots, [&](const Baton& seen) {
      return seen.held && seen.slot == ours.baton.slot && seen.number == ours.baton.number &&
             seen.owner.same_object(session.me);
    });
  };
  if (hold.shared) {
    return std::ranges::any_of(readers, [&](const auto& seen) {
      return seen.first.number == hold.baton.number && seen.first.owner.same_object(session.me);
    });
  }
  if (session.is_semaphore()) return is_shown(hold) && std::ranges::all_of(session.more, is_shown);
  return baton && baton->held && baton->number == hold.baton.number && baton->owner.same_object(session.me);
}

Next Inspect::start(Session& session, LeaseTime /*now*/) {
  phase_ = Phase::opening;
  if (auto next = opening_.start(session)) return next;
  return freshen();
}

Next Inspect::freshen() {
  phase_ = Phase::freshening;
  return step::Look{Place::lock_directory, "", true};
}

Next Inspect::resume(Session& session, const Result& result) {
  switch (phase_) {
    case Phase::opening:
      if (auto next = opening_.resume(session, result)) return next;
      if (opening_.error()) return end(opening_.error());
      return freshen();
    case Phase::freshening:
      if (result.error != 0) return end(os_error(result.error));
      phase_ = Phase::looking;
      return step::Look{Place::lock_directory, session.names.base(), true};
    case Phase::looking:
      if (result.error != 0 && !is_absent(result.error)) return end(os_error(result.error));
      if (result.error != 0) return look_at_fence(session);
      sighting_.lock_file = result.status;
      if (result.status.kind != FileKind::regular) return look_at_fence(session);
      phase_ = Phase::identifying;
      return identifying_.start(session, session.names.base(), result.status, false);
    case Phase::identifying:
      if (auto next = identifying_.resume(session, result)) return next;
      sighting_.claim = identifying_.claim();
      if (sighting_.claim) sighting_.claim_name = identifying_.claim_name();
      return look_at_fence(session);
    case Phase::scanning:
      if (auto next = scan_.resume(session, result)) return next;
      note_scan(session);
      return look_at_reader(session);
    case Phase::looking_at_reader:
      // Who has gone in the meantime is none any more.
      if (is_absent(result.error)) {
        sighting_.readers.erase(sighting_.readers.begin() + static_cast<std::ptrdiff_t>(reader_));
        return look_at_reader(session);
      }
      if (result.error == 0) {
        auto& [reader, ends] = sighting_.readers[reader_];
        ends = reader.lease_end(result.status);
      }
      ++reader_;
      return look_at_reader(session);
    case Phase::looking_at_hold:
      if (result.error == 0) sighting_.baton = session.hold->baton;
      return end({});
  }
  return std::nullopt;
}

Next Inspect::look_at_fence(Session& session) {
  if (!session.settings.fenced) return end({});
  if (mutated(Bug::verifies_by_stat) && session.hold) {
    phase_ = Phase::looking_at_hold;
    return step::Look{Place::fence, session.hold->name, true};
  }
  phase_ = Phase::scanning;
  return scan_.start(session, {.for_show = true});
}

void Inspect::note_scan(const Session& session) {
  sighting_.fence_error = scan_.error();
  sighting_.baton = scan_.baton();
  for (const FoundBaton& found : scan_.batons()) {
    if (found.baton.purpose.kind == LockKind::semaphore) sighting_.slots.push_back(found.baton);
    if (found.baton.held && !sighting_.baton->held) sighting_.baton = found.baton;
  }
  for (const auto& [reader, name] : scan_.readers()) sighting_.readers.emplace_back(reader, reader.expiry());
  for (const auto& [ticket, name] : scan_.tickets()) sighting_.queue.push_back(ticket);
  sighting_.fence = session.fence_open || scan_.error();
}

/// Its modification time tells until when it has been refreshed.
Next Inspect::look_at_reader(const Session& session) {
  if (reader_ == sighting_.readers.size()) return end({});
  phase_ = Phase::looking_at_reader;
  return step::Look{Place::fence, session.names.reader(sighting_.readers[reader_].first), true};
}

Next Inspect::end(std::error_code error) {
  error_ = error;
  return std::nullopt;
}

}  // namespace leaselock::protocol
