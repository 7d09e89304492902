#include "failure.hpp"

#include "explain.hpp"
#include "leaselock/error.hpp"

namespace leaselock {
namespace {

std::string in_words(const protocol::Purpose& purpose) {
  if (purpose.kind == LockKind::lock) return "a lock";
  if (purpose.kind == LockKind::shared_lock) return "a shared lock";
  return "a semaphore with " + std::to_string(purpose.slots) + (purpose.slots == 1 ? " slot" : " slots");
}

WallTime wall(ServerTime time) { return WallTime(time.time_since_epoch()); }

}  // namespace

Holder holder_of(const protocol::Baton& baton) {
  Holder holder{baton.owner.host, baton.owner.pid, "", wall(baton.expiry()), baton.number};
  if (baton.purpose.kind == LockKind::semaphore) holder.slot = baton.slot;
  return holder;
}

Holder holder_of(const protocol::ClaimName& claim, const std::string& name, std::optional<ServerTime> expiry) {
  Holder holder{claim.host, claim.pid, name, std::nullopt, std::nullopt};
  if (expiry) holder.expires = wall(*expiry);
  return holder;
}

std::optional<Holder> last_holder(const protocol::Session& session) {
  if (session.holder) return holder_of(*session.holder);
  if (session.mirror_holder) return holder_of(*session.mirror_holder, "", session.mirror_expiry);
  return std::nullopt;
}

void raise(std::error_code error, const boost::filesystem::path& lockfile, const protocol::Session& session) {
  Circumstances circumstances;
  circumstances.lockfile = lockfile;
  circumstances.lifetime = session.settings.lifetime;
  circumstances.smallest_lifetime = session.timing.smallest_lifetime;
  circumstances.name_max = session.name_max;
  circumstances.holder = last_holder(session);
  const protocol::Purpose& wanted = session.settings.purpose;
  circumstances.wanted = in_words(wanted);
  if (session.found_purpose) {
    circumstances.found = in_words(*session.found_purpose);
    if (session.found_purpose->kind == LockKind::semaphore && session.is_semaphore()) {
      circumstances.to_resize = wanted.slots;
    }
  }
  circumstances.fence = session.names.fence();
  const std::string text = explain(error, circumstances);
  if (error == Errc::timed_out) throw TimeOutError(error, lockfile, text);
  if (error == Errc::already_locked) throw AlreadyLockedError(error, lockfile, text);
  if (error == Errc::not_locked || error == Errc::lease_lost) throw NotLockedError(error, lockfile, text);
  throw LockError(error, lockfile, text);
}

}  // namespace leaselock
