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

    case Phase::looking_at_reader:
      return on_reader_seen(session, result);
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
  batons_.clear();
  readers_.clear();
  tickets_.clear();
  strangers_ = 0;
  torn_ = false;
  for (const Entry& entry : result.entries) {
    if (auto ticket = session.names.parse_ticket(entry.name)) {
      tickets_.emplace_back(std::move(*ticket), entry.name);
    } else if (auto reader = session.names.parse_reader(entry.name)) {
      readers_.emplace_back(std::move(*reader), entry.name);
    } else if (auto baton = session.names.parse_baton(entry.name)) {
      add(std::move(*baton), entry.name);
    } else {
      ++strangers_;
    }
  }
  std::ranges::sort(tickets_);
  std::ranges::sort(batons_, {}, [](const FoundBaton& found) { return found.baton.slot; });
  seen_ = result.received;
  if (!batons_.empty() && !request_.for_show && batons_.front().baton.purpose != session.settings.purpose) {
    session.found_purpose = batons_.front().baton.purpose;
    return fail(Errc::different_purpose);
  }
  choose(session);
  if (mutated(Bug::counts_slots_by_listing) && baton_ && batons_.size() < baton_->purpose.slots) {
    Baton missing;
    missing.purpose = baton_->purpose;
    while (missing.slot < batons_.size() && batons_[missing.slot].baton.slot == missing.slot) ++missing.slot;
    phase_ = Phase::creating_baton;
    return step::CreateFile{Place::fence, session.names.baton(missing), ""};
  }
  if (is_certain()) return std::nullopt;
  // A listing taken during a rename may show both names or neither.
  if (++rounds_ <= most_rounds) {
    request_.nudge = true;
    return freshen(session);
  }
  if (!batons_.empty()) return std::nullopt;  // the highest number; the rename decides
  if (mutated(Bug::baton_from_empty_listing)) {
    phase_ = Phase::creating_baton;
    rounds_ = 0;
    return step::CreateFile{Place::fence, session.names.baton(Baton{}), ""};
  }
  phase_ = Phase::freshening_parent;
  return step::Look{Place::lock_directory, "", true};
}

/// The highest number of each slot.
void Scan::add(Baton baton, const std::string& name) {
  const auto same = std::ranges::find(batons_, baton.slot, [](const FoundBaton& found) { return found.baton.slot; });
  if (same == batons_.end()) {
    batons_.push_back({std::move(baton), name});
    return;
  }
  torn_ = true;
  if (same->baton.number < baton.number) *same = {std::move(baton), name};
}

void Scan::choose(const Session& session) {
  const auto is_wanted = [&](const FoundBaton& found) {
    return !session.is_semaphore() || !request_.slot || found.baton.slot == *request_.slot;
  };
  const auto found = std::ranges::find_if(batons_, is_wanted);
  if (found == batons_.end()) return;
  baton_ = found->baton;
  name_ = found->name;
}

/// Who wants any slot of a semaphore need not know of each: one that is being renamed has changed the directory, which
/// is noticed.
bool Scan::is_certain() const {
  if (!baton_) return false;
  const bool any = baton_->purpose.kind == LockKind::semaphore && !request_.slot && !request_.for_show;
  if (any) return true;
  const bool all = !request_.for_show || batons_.size() == baton_->purpose.slots;
  return all && !torn_;
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
/// came too late are gone, which hold no rights, and readers that were published too late.
Next Scan::clear(Session& session) {
  if (!readers_.empty()) {
    phase_ = Phase::looking_at_reader;
    return step::Look{Place::fence, readers_.back().second, true};
  }
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

/// The anchor is from the nudge before the listing, so that a reader whose lease had ended by then has not refreshed
/// it.
Next Scan::on_reader_seen(Session& session, const Result& result) {
  auto [reader, name] = std::move(readers_.back());
  readers_.pop_back();
  if (is_absent(result.error)) return clear(session);
  if (result.error != 0) return fail(os_error(result.error));
  const ServerTime lease_ends = reader.lease_end(result.status);
  const bool judges = session.anchor && session.settings.trust_server_clock;
  const bool ended = judges && may_break(lease_ends, session.anchor->stamp, session.timing.bounds);
  if (!ended) return fail(Errc::fence_damaged);
  phase_ = Phase::clearing;
  return clearing_.start(session.timing.local, std::move(name));
}

Next Scan::recover(Session& session) {
  if (++recoveries_ > most_recoveries) return fail(Errc::fence_damaged);
  baton_.reset();
  batons_.clear();
  session.forget_fence();
  phase_ = Phase::opening;
  return opening_.start(session, request_.may_create);
}

Next Scan::fail(std::error_code why) {
  baton_.reset();
  batons_.clear();
  error_ = why;
  return std::nullopt;
}

}  // namespace leaselock::protocol
