#include "lock_context.hpp"

#include <algorithm>

#include "drive/perform.hpp"
#include "failure.hpp"
#include "leaselock/error.hpp"
#include "new_session.hpp"

namespace leaselock {
LockContext::LockContext(boost::filesystem::path lockfile, LockOptions options)
    : lockfile_(std::move(lockfile)), options_(std::move(options)), environment_(ports::native_environment()) {
  renew_identity();
}

void LockContext::renew_identity() {
  engine_ = protocol::Engine();
  engine_.session() = new_session(lockfile_, options_, environment_);
  hostname_ = session().me.host;
  files_ = environment_.make_file_system(lockfile_.parent_path().string());
}

std::error_code LockContext::run(std::optional<protocol::Step> first) {
  drive::Observers observers;
  observers.on_trace = options_.on_trace;
  drive::run_blocking(engine_, std::move(first), *files_, environment_, observers);
  return engine_.error();
}

std::error_code LockContext::acquire(std::optional<Duration> timeout, protocol::AcquireRequest request) {
  const LeaseTime start = now();
  request.give_up_at = give_up_at(start, timeout);
  drive::Observers observers;
  observers.on_trace = options_.on_trace;
  observers.stop = options_.stop;
  if (options_.on_wait) {
    observers.on_wait = [&] {
      const LeaseTime at = now();
      Waiting waiting{at - start, std::nullopt, last_holder(session())};
      if (timeout) waiting.remaining = std::max(request.give_up_at - at, Duration::zero());
      options_.on_wait(waiting);
    };
  }
  drive::run_blocking(engine_, engine_.start_acquire(request, start), *files_, environment_, observers);
  std::error_code error = engine_.error();
  if (!options_.stop.stop_requested()) return error;
  if (!error) run(engine_.start_release(now()));
  return !error || error == Errc::timed_out ? make_error_code(Errc::cancelled) : error;
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
  // Good enough to tell people by; only a stamp decides.
  if (session().anchor) return estimate(*session().anchor, now());
  return ServerTime(environment_.host.wall_now().time_since_epoch());
}

bool LockContext::owner_is_gone(const protocol::Owner& owner) const {
  return environment_.host.provably_gone(owner.boot, owner.start, owner.pid);
}

LockState LockContext::state() const {
  const protocol::Sighting& seen = engine_.sighting();
  if (seen.shows_hold_of(session())) {
    return session().holds(now()) ? LockState::ours : LockState::ours_expired;
  }
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

Predecessor LockContext::predecessor() const {
  Predecessor before;
  const auto& baton = session().predecessor_baton;
  if (baton) before.holder = holder_of(*baton);
  switch (session().predecessor) {
    case protocol::Ending::none:
      break;
    case protocol::Ending::released:
      before.end = PredecessorEnd::released;
      break;
    case protocol::Ending::expired:
      before.end = baton && owner_is_gone(baton->owner) ? PredecessorEnd::died : PredecessorEnd::expired;
      break;
    case protocol::Ending::forced:
      before.end = PredecessorEnd::forced;
      break;
  }
  return before;
}

void LockContext::raise(std::error_code error) const { leaselock::raise(error, lockfile_, session()); }

}  // namespace leaselock
