#include "lock_context.hpp"

#include <algorithm>

#include "drive/perform.hpp"
#include "failure.hpp"
#include "leaselock/error.hpp"
#include "new_session.hpp"
#include "predecessor.hpp"

namespace leaselock {

LockContext::LockContext(boost::filesystem::path lockfile, LockOptions options, const protocol::Purpose& purpose)
    : lockfile_(std::move(lockfile)),
      options_(std::move(options)),
      purpose_(purpose),
      environment_(ports::native_environment()) {
  reporter_ = Reporter::make(lockfile_, options_, environment_);
  change_identity();
}

void LockContext::change_identity() {
  if (reporter_) reporter_->forget();
  engine_ = protocol::Engine();
  engine_.session() = new_session(lockfile_, options_, purpose_, environment_);
  hostname_ = session().me.host;
  files_ = environment_.make_file_system(lockfile_.parent_path().string());
}

void LockContext::set_purpose(const protocol::Purpose& purpose) {
  purpose_ = purpose;
  engine_.session().settings.purpose = purpose;
  // flufl.lock knows no other kind.
  engine_.session().settings.mirror = options_.mirror && purpose.kind == LockKind::lock;
}

drive::Observers LockContext::observers() {
  drive::Observers observers;
  observers.on_trace = options_.on_trace;
  if (reporter_) {
    observers.before_step = [this](const protocol::Step& step, LeaseTime at) { reporter_->next(step, session(), at); };
  }
  return observers;
}

std::error_code LockContext::run(std::optional<protocol::Step> first) {
  drive::run_blocking(engine_, std::move(first), *files_, environment_, observers());
  return engine_.error();
}

std::error_code LockContext::refresh(std::optional<Duration> lifetime) {
  const std::error_code error = run(engine_.start_refresh(lifetime, now()));
  if (reporter_) reporter_->end_refresh(session(), error, now());
  return error;
}

std::error_code LockContext::release() {
  const std::error_code error = run(engine_.start_release(now()));
  if (reporter_) reporter_->end_release(session(), error, now());
  return error;
}

std::error_code LockContext::upgrade() {
  const std::error_code error = run(engine_.start_upgrade(now()));
  if (reporter_) reporter_->end_change(EventKind::upgraded, session(), error, now());
  return error;
}

std::error_code LockContext::downgrade() {
  const std::error_code error = run(engine_.start_downgrade(now()));
  if (reporter_) reporter_->end_change(EventKind::downgraded, session(), error, now());
  return error;
}

std::error_code LockContext::destroy(protocol::DestroyRequest request) {
  const std::error_code error = run(engine_.start_destroy(now(), request));
  if (reporter_) reporter_->end_release(session(), error, now());
  return error;
}

std::error_code LockContext::acquire(std::optional<Duration> timeout, protocol::AcquireRequest request) {
  const LeaseTime start = now();
  request.give_up_at = give_up_at(start, timeout);
  drive::Observers watching = observers();
  watching.stop = options_.stop;
  if (options_.on_wait) {
    watching.on_wait = [&] {
      const LeaseTime at = now();
      Waiting waiting{at - start, std::nullopt, last_holder(session())};
      if (timeout) waiting.remaining = std::max(request.give_up_at - at, Duration::zero());
      options_.on_wait(waiting);
    };
  }
  if (reporter_) reporter_->begin_acquire(session(), start, start);
  drive::run_blocking(engine_, engine_.start_acquire(request, start), *files_, environment_, watching);
  std::error_code error = engine_.error();
  const bool stopped = options_.stop.stop_requested();
  if (stopped && error == Errc::timed_out) error = Errc::cancelled;
  if (reporter_) reporter_->end_acquire(session(), error, now());
  if (!stopped || error) return error;
  release();
  return Errc::cancelled;
}

std::error_code LockContext::look_for_leftovers() {
  return run(engine_.start_sweep(now(), {.look_only = true, .now = server_now()}));
}

std::error_code LockContext::list_directory(std::vector<std::string>& names) {
  protocol::Result result = drive::perform(protocol::step::OpenLockDirectory{}, *files_, environment_);
  if (result.error == 0) {
    result = drive::perform(protocol::step::List{protocol::Place::lock_directory}, *files_, environment_);
  }
  for (protocol::Entry& entry : result.entries) names.push_back(std::move(entry.name));
  return protocol::os_error(result.error);
}

ServerTime LockContext::server_now() const {
  if (session().anchor) return estimate(*session().anchor, now());
  return ServerTime(environment_.host.wall_now().time_since_epoch());
}

bool LockContext::owner_is_gone(const protocol::Owner& owner) const {
  return environment_.host.provably_gone(owner.boot, owner.start, owner.pid);
}

LockState LockContext::state() const {
  const protocol::Sighting& seen = engine_.sighting();
  const bool one_holder = seen.slots.empty() && seen.readers.empty();
  if (seen.shows_hold_of(session())) {
    return session().holds(now()) ? LockState::ours : LockState::ours_expired;
  }
  if (!one_holder) return holders().empty() ? LockState::unlocked : LockState::unknown;
  if (seen.baton && seen.baton->held) {
    if (owner_is_gone(seen.baton->owner)) return LockState::stale;
    return seen.baton->expiry() < server_now() ? LockState::theirs_expired : LockState::unknown;
  }
  if (!seen.lock_file) return seen.fence_error ? LockState::unknown : LockState::unlocked;
  if (!seen.claim) return LockState::unknown;
  const bool gone = seen.claim->owner ? owner_is_gone(*seen.claim->owner)
                                      : seen.claim->host == hostname_ && environment_.host.is_unused(seen.claim->pid);
  if (gone) return LockState::stale;
  return seen.lock_file->modified < server_now() ? LockState::theirs_expired : LockState::unknown;
}

std::optional<Holder> LockContext::holder() const {
  const protocol::Sighting& seen = engine_.sighting();
  const bool fenced = seen.baton && seen.baton->held;
  if (fenced) {
    Holder holder = holder_of(*seen.baton);
    const bool mirrored = seen.claim && seen.claim->owner && seen.claim->owner->same_object(seen.baton->owner);
    if (mirrored) holder.claim = seen.claim_name;
    return holder;
  }
  if (seen.claim) return holder_of(*seen.claim, seen.claim_name, seen.lock_file->modified);
  return std::nullopt;
}

std::vector<Holder> LockContext::holders() const {
  const protocol::Sighting& seen = engine_.sighting();
  std::vector<Holder> all;
  const auto add = [&](Holder holder, const protocol::Owner& owner) {
    holder.gone = owner_is_gone(owner);
    all.push_back(std::move(holder));
  };
  for (const protocol::Baton& slot : seen.slots) {
    if (!slot.held) continue;
    add(holder_of(slot), slot.owner);
  }
  const auto one = seen.slots.empty() ? holder() : std::nullopt;
  if (one && seen.baton && seen.baton->held) {
    add(*one, seen.baton->owner);
  } else if (one && seen.readers.empty()) {
    all.push_back(*one);
    all.back().gone = state() == LockState::stale;
  }
  for (const auto& [reader, expiry] : seen.readers) {
    Holder holder{reader.owner.host, reader.owner.pid, "", WallTime(expiry.time_since_epoch()), reader.number};
    holder.shared = true;
    add(std::move(holder), reader.owner);
  }
  if (seen.slots.empty()) std::ranges::sort(all, {}, &Holder::token);
  return all;
}

Predecessor LockContext::predecessor() const { return predecessor_of(session(), environment_.host); }

void LockContext::raise(std::error_code error) const { leaselock::raise(error, lockfile_, session()); }

}  // namespace leaselock
