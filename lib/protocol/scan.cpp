#include "protocol/scan.hpp"

#include <algorithm>

#include "protocol/mutation.hpp"

namespace leaselock::protocol {
namespace {

constexpr int most_rounds = 3;
constexpr int most_recoveries = 4;

}  // namespace

Next Scan::start(Session& session, ScanRequest request) {
  *this = Scan{};
  request_ = request;
  if (!session.fence_open) return recover(session);
  return request.is_fresh ? list() : freshen(session);
}

Next Scan::freshen(Session& session) {
  // The kernel's own file system has no cache that could be behind.
  const bool coherent = session.timing.local && !request_.nudge;
  if (coherent || mutated(Bug::no_forced_scan)) return list();
  phase_ = Phase::freshening;
  if (request_.nudge) return step::Touch{Place::fence, "", std::nullopt};
  return step::Look{Place::fence, "", true};
}

Next Scan::list() {
  phase_ = Phase::listing;
  return step::List{Place::fence};
}

Next Scan::resume(Session& session, const Result& result) {
  switch (phase_) {
    case Phase::freshening:
      if (is_absent(result.error)) return recover(session);
      if (request_.nudge && is_denied(result.error)) {
        // Somebody who may only look.
        request_.nudge = false;
        return freshen(session);
      }
      if (result.error != 0) return fail(os_error(result.error));
      if (request_.nudge) session.take_anchor(result);
      changed_ = result.status.changed;
      dated_ = result.received;
      links_ = result.status.links;
      return list();

    case Phase::listing:
      if (is_absent(result.error)) return recover(session);
      if (result.error != 0) return fail(os_error(result.error));
      return on_listed(session, result);

    case Phase::freshening_parent:
      phase_ = Phase::looking_up;
      return step::Look{Place::lock_directory, session.names.fence(), true};
    case Phase::looking_up:
      return on_looked_up(session, result);

    case Phase::clearing:
      if (auto next = clearing_.resume(result)) return next;
      return clear(session);

    case Phase::opening:
      if (auto next = opening_.resume(session, result)) return next;
      if (opening_.error()) {
        if (opening_.error() == std::errc::no_such_file_or_directory && !request_.may_create) return std::nullopt;
        return fail(opening_.error());
      }
      rounds_ = 0;
      return freshen(session);

    case Phase::creating_baton:
      return freshen(session);
  }
  return std::nullopt;
}

Next Scan::on_listed(Session& session, const Result& result) {
  baton_.reset();
  tickets_.clear();
  strangers_ = 0;
  int found = 0;
  for (const Entry& entry : result.entries) {
    if (auto ticket = session.names.parse_ticket(entry.name)) {
      tickets_.emplace_back(std::move(*ticket), entry.name);
      continue;
    }
    const auto baton = session.names.parse_baton(entry.name);
    if (!baton || baton->slot != 0) {
      ++strangers_;
      continue;
    }
    ++found;
    if (baton_ && baton_->number >= baton->number) continue;
    baton_ = baton;
    name_ = entry.name;
  }
  std::ranges::sort(tickets_);
  seen_ = result.received;
  if (found == 1) return std::nullopt;
  // A listing taken during a rename may show both names or neither.
  if (++rounds_ <= most_rounds) {
    request_.nudge = true;
    return freshen(session);
  }
  if (found > 1) return std::nullopt;  // the highest number; the rename decides
  if (mutated(Bug::baton_from_empty_listing)) {
    phase_ = Phase::creating_baton;
    rounds_ = 0;
    return step::CreateFile{Place::fence, session.names.baton(Baton{}), ""};
  }
  phase_ = Phase::freshening_parent;
  return step::Look{Place::lock_directory, "", true};
}

Next Scan::on_looked_up(Session& session, const Result& result) {
  if (is_absent(result.error)) return recover(session);
  if (result.error != 0) return fail(os_error(result.error));
  if (!same_file(result.status, session.fence)) return recover(session);
  if (strangers_ > 0) return fail(Errc::fence_damaged);
  if (!request_.may_create) return std::nullopt;
  return clear(session);
}

/// Left without a baton by a destroy(). It never gets one again; it can only be replaced, once the tickets of those who
/// came too late are gone, which hold no rights.
Next Scan::clear(Session& session) {
  if (!tickets_.empty()) {
    std::string name = std::move(tickets_.back().second);
    tickets_.pop_back();
    phase_ = Phase::clearing;
    return clearing_.start(session.timing.local, std::move(name));
  }
  if (++recoveries_ > most_recoveries) return fail(Errc::fence_damaged);
  session.forget_fence();
  phase_ = Phase::opening;
  return opening_.start_creating(session);
}

Next Scan::recover(Session& session) {
  if (++recoveries_ > most_recoveries) return fail(Errc::fence_damaged);
  baton_.reset();
  session.forget_fence();
  phase_ = Phase::opening;
  return opening_.start(session, request_.may_create);
}

Next Scan::fail(std::error_code why) {
  baton_.reset();
  error_ = why;
  return std::nullopt;
}

}  // namespace leaselock::protocol
