#include "protocol/sweep.hpp"

#include <algorithm>

namespace leaselock::protocol {
namespace {

using namespace std::chrono_literals;

constexpr auto claim_age = 24h;
constexpr auto leftover_age = 1h;

}  // namespace

Next Sweep::start(Session& session, LeaseTime now) {
  session.last_sweep = now;
  if (request_.now) {
    now_ = *request_.now;
    return list();
  }
  // A directory of our own: no client stamps those itself (section 21.1), and it works in every mode.
  stamp_name_ = session.names.boot(session.unique());
  phase_ = Phase::making_stamp;
  return step::MakeDirectory{Place::lock_directory, stamp_name_, 0700U};
}

Next Sweep::list() {
  phase_ = Phase::listing;
  return step::List{Place::lock_directory};
}

Next Sweep::resume(Session& session, const Result& result) {
  switch (phase_) {
    case Phase::making_stamp:
      if (result.error != 0 && result.error != EEXIST) {
        error_ = os_error(result.error);
        return std::nullopt;
      }
      phase_ = Phase::reading_stamp;
      return step::Look{Place::lock_directory, stamp_name_, true};
    case Phase::reading_stamp:
      error_ = result.error != 0 ? os_error(result.error) : std::error_code{};
      now_ = result.status.changed;
      phase_ = Phase::removing_stamp;
      return step::RemoveDirectory{Place::lock_directory, stamp_name_};
    case Phase::removing_stamp:
      if (error_) return std::nullopt;
      return list();

    case Phase::listing:
      if (result.error != 0) {
        error_ = os_error(result.error);
        return std::nullopt;
      }
      sort(session, result.entries);
      if (candidates_.empty()) return std::nullopt;
      phase_ = Phase::looking_at_lock;
      return step::Look{Place::lock_directory, session.names.base(), true};
    case Phase::looking_at_lock:
      if (result.error == 0) lock_ = result.status;
      return next_candidate();

    case Phase::looking:
      return on_looked(session, result);
    case Phase::probing:
      if (result.error == 0 && result.gone) return remove();
      if (waits_) swept_.waiting.push_back(candidates_[at_].name);
      ++swept_.in_use;
      ++at_;
      return next_candidate();

    case Phase::opening_boot:
      if (result.error != 0) {
        ++at_;
        return next_candidate();
      }
      phase_ = Phase::listing_boot;
      return step::List{Place::boot};
    case Phase::listing_boot:
      batons_.clear();
      for (const Entry& entry : result.entries) {
        const auto baton = session.names.parse_baton(entry.name);
        if (baton && baton->number == 0 && !baton->held) batons_.push_back(entry.name);
      }
      return empty_boot();
    case Phase::removing_baton:
      return empty_boot();
    case Phase::removing:
      if (result.error == 0) {
        swept_.removed.push_back(candidates_[at_].name);
        ++session.files_swept;
      }
      ++at_;
      return next_candidate();
  }
  return std::nullopt;
}

void Sweep::sort(Session& session, const std::vector<Entry>& entries) {
  bool idle = true;
  bool gate = false;
  for (const auto& [name, inode] : entries) {
    if (name == session.names.gate()) gate = true;
    if (session.claim && name == session.claim->name) continue;
    if (const auto claim = session.names.parse_claim(name); claim && claim->owner) {
      candidates_.push_back({name, Kind::claim, *claim->owner});
    } else if (const auto preparer = session.names.parse_boot(name)) {
      candidates_.push_back({name, Kind::boot, *preparer});
    } else if (const auto breaker = session.names.parse_aside(name)) {
      candidates_.push_back({name, Kind::aside, *breaker});
    } else if (session.names.parse_mark(name)) {
      candidates_.push_back({name, Kind::mark, {}});
    } else if (name == session.names.base() || name == session.names.fence() || claim) {
      ++swept_.in_use;
      idle = false;
    }
  }
  // The claims last: what goes before may be another link of one, and a claim with two links is in use.
  // Not the one of std::ranges, which Clang 14 does not take from this standard library.
  std::stable_partition(candidates_.begin(), candidates_.end(),
                        [](const Candidate& candidate) { return candidate.kind != Kind::claim; });
  // Nothing is lost should somebody stand at it after all: he notices that it is gone.
  if (gate && idle) candidates_.push_back({session.names.gate(), Kind::gate, {}});
}

Next Sweep::next_candidate() {
  if (at_ == candidates_.size()) return std::nullopt;
  phase_ = Phase::looking;
  return step::Look{Place::lock_directory, candidates_[at_].name, true};
}

Next Sweep::on_looked(Session& session, const Result& result) {
  const Candidate& candidate = candidates_[at_];
  const FileStatus& status = result.status;
  const bool regular = result.error == 0 && status.kind == FileKind::regular;
  const bool directory = result.error == 0 && status.kind == FileKind::directory;
  const bool old = status.changed + leftover_age < now_;
  waits_ = false;
  switch (candidate.kind) {
    case Kind::claim:
      if (!regular || status.links != 1) break;
      if (status.modified + claim_age < now_) return remove();
      waits_ = status.modified > now_;
      return probe(candidate.owner);
    case Kind::boot:
      if (!directory) break;
      return old ? remove() : probe(candidate.owner);
    case Kind::aside:
      if (!regular || status.links > 2) break;
      return old ? remove() : probe(candidate.owner);
    case Kind::gate:
      if (regular && swept_.in_use == 0) return remove();
      // It stays because of others, and is none that was kept.
      ++at_;
      return next_candidate();
    case Kind::mark: {
      const auto victim = session.names.parse_mark(candidate.name);
      const bool matches = victim->inode == lock_.inode && victim->modified == lock_.modified;
      if (regular && old && !matches) return remove();
      break;
    }
  }
  if (result.error == 0) ++swept_.in_use;
  ++at_;
  return next_candidate();
}

Next Sweep::empty_boot() {
  if (batons_.empty()) {
    phase_ = Phase::removing;
    return step::RemoveDirectory{Place::lock_directory, candidates_[at_].name};
  }
  phase_ = Phase::removing_baton;
  std::string name = std::move(batons_.back());
  batons_.pop_back();
  return step::Unlink{Place::boot, std::move(name)};
}

Next Sweep::probe(const Owner& owner) {
  phase_ = Phase::probing;
  return step::ProbeProcess{{owner.boot, owner.start, owner.pid}};
}

Next Sweep::remove() {
  const Candidate& candidate = candidates_[at_];
  if (request_.look_only) {
    swept_.removed.push_back(candidate.name);
    ++at_;
    return next_candidate();
  }
  if (candidate.kind == Kind::boot) {
    phase_ = Phase::opening_boot;
    return step::OpenDirectory{Place::boot, candidate.name};
  }
  phase_ = Phase::removing;
  return step::Unlink{Place::lock_directory, candidate.name};
}

}  // namespace leaselock::protocol
