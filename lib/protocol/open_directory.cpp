#include "protocol/open_directory.hpp"

#include <algorithm>

#include "protocol/mutation.hpp"

namespace leaselock::protocol {
namespace {

constexpr int most_rounds = 8;
constexpr std::uint32_t writable_by_others = 0002;

/// Bytes of the longest names this session will ever make, with room for the counters to grow.
std::size_t longest_name(const Session& session) {
  Baton baton;
  baton.held = true;
  baton.wanted = true;
  baton.wanted_ms = 9'999'999'999'999;
  baton.wanted_by = std::string(16, 'f');
  baton.number = 9'999'999'999'999'999;  // microseconds until the year 2286
  baton.expiry_ms = 9'999'999'999'999;
  baton.sequence = 99'999'999;
  baton.lifetime_ms = std::chrono::ceil<std::chrono::milliseconds>(session.settings.lifetime).count();
  baton.purpose = session.settings.purpose;
  baton.slot = baton.purpose.slots - 1;
  baton.owner = session.me;
  std::size_t longest = 0;
  if (session.settings.fenced) {
    longest = std::max(session.names.baton(baton).size(), session.names.boot(session.me.object_id()).size() + 17);
  }
  if (session.mirrored()) {
    longest = std::max(longest, session.names.claim(session.me, ClaimKind::fenced, 99'999'999).size());
  }
  return longest;
}

/// Never sticky: peers must be able to rename the baton. Everybody may write only where that was asked for.
std::uint32_t mode_of_fence(const Session& session) { return session.settings.trust_others ? 0777U : 0775U; }

std::uint64_t first_number(const Session& session) {
  if (mutated(Bug::baton_numbered_early) && session.anchor) return next_number(0, session.anchor->stamp);
  return 0;
}

std::string first_baton(const Session& session, std::uint32_t slot) {
  Baton baton;
  baton.purpose = session.settings.purpose;
  baton.slot = slot;
  baton.number = first_number(session);
  if (baton.number != 0) baton.freed_ms = 9'000'000'000'000;  // a deliberate bug only: taken for a prompt one (4.7)
  return session.names.baton(baton);
}

}  // namespace

Next OpenLockDirectory::start(Session& session) {
  error_.clear();
  if (session.opened) return std::nullopt;
  return step::OpenLockDirectory{session.settings.permissions};
}

Next OpenLockDirectory::resume(Session& session, const Result& result) {
  if (result.error != 0) {
    error_ = os_error(result.error);
    return std::nullopt;
  }
  session.timing = Timing::of(session.settings, result.local, result.wakes);
  if (session.claim && !same_file(result.status, session.directory)) session.claim.reset();
  session.directory = result.status;
  session.name_max = result.name_max;
  if (session.settings.gate_required && !session.timing.wakes) {
    error_ = Errc::fast_path_unavailable;
    return std::nullopt;
  }
  if (session.settings.lifetime < session.timing.smallest_lifetime) {
    error_ = Errc::lifetime_too_short;
    return std::nullopt;
  }
  if (const std::size_t need = longest_name(session); need > session.name_max) {
    // The host name is only a hint for people, so it is what gives way.
    const std::size_t over = need - session.name_max;
    const std::size_t had = session.me.host.size();
    session.me.host = fit_host(session.me.host, session.settings.separator, had > over ? had - over : 0);
    if (longest_name(session) > session.name_max) {
      error_ = Errc::name_too_long;
      return std::nullopt;
    }
  }
  session.opened = true;
  return std::nullopt;
}

Next OpenFence::start(Session& session, bool may_create) {
  *this = OpenFence{};
  may_create_ = may_create;
  return open(session);
}

Next OpenFence::start_creating(Session& session) {
  *this = OpenFence{};
  may_create_ = true;
  return make(session);
}

Next OpenFence::open(Session& session) {
  phase_ = Phase::opening;
  return step::OpenDirectory{Place::fence, session.names.fence()};
}

Next OpenFence::make(Session& session) {
  if (++rounds_ > most_rounds) return fail(Errc::fence_damaged);
  phase_ = Phase::making;
  boot_ = mutated(Bug::fence_made_in_public) ? session.names.fence() : session.names.boot(session.unique());
  return step::MakeDirectory{Place::lock_directory, boot_, mode_of_fence(session)};
}

Next OpenFence::resume(Session& session, const Result& result) {
  const int error = result.error;
  switch (phase_) {
    case Phase::opening:
      if (error == 0) {
        found_ = result.status;
        return judge(session);
      }
      if (error == ENOTDIR || error == ELOOP) return fail(Errc::fence_damaged);
      if (error == ESTALE && ++rounds_ <= most_rounds) return open(session);
      if (error == ENOENT && may_create_) return make(session);
      return fail(os_error(error));

    case Phase::probing:
      if (error != 0 && error != EEXIST) return fail(Errc::fence_untrusted);
      phase_ = Phase::looking_at_probe;
      return step::Look{Place::lock_directory, boot_, false};
    case Phase::looking_at_probe:
      if (error == 0) own_id_ = result.status.owner;
      phase_ = Phase::removing_probe;
      return step::RemoveDirectory{Place::lock_directory, boot_};
    case Phase::removing_probe:
      if (!own_id_) own_id_ = session.settings.user;
      return judge(session);

    case Phase::making:
      if (error != 0 && error != EEXIST) return fail(os_error(error));
      phase_ = Phase::opening_boot;
      return step::OpenDirectory{Place::boot, boot_};
    case Phase::opening_boot:
      if (is_absent(error)) return open(session);
      if (error != 0) return fail(os_error(error));
      slot_ = 0;
      phase_ = Phase::creating_baton;
      return step::CreateFile{Place::boot, first_baton(session, slot_), ""};
    case Phase::creating_baton:
      if (is_absent(error)) return open(session);
      if (error != 0 && error != EEXIST) return withdraw(session, os_error(error));
      if (++slot_ < session.settings.purpose.slots) {
        return step::CreateFile{Place::boot, first_baton(session, slot_), ""};
      }
      if (mutated(Bug::fence_made_in_public)) return open(session);
      return publish(session);
    case Phase::publishing:
      return on_published(session, error);
    case Phase::clearing_public:
      // Some servers do not replace an empty directory; removing it works only if it is empty.
      if (error == 0 && ++rounds_ <= most_rounds) return publish(session);
      if (is_absent(error) && ++rounds_ <= most_rounds) return ask_the_server(session);
      return withdraw(session, {});
    case Phase::asking:
      if (error == 0 && ++rounds_ <= most_rounds) return publish(session);
      return withdraw(session, {});
    case Phase::removing_baton:
      if (slot_ > 0) return step::Unlink{Place::boot, first_baton(session, --slot_)};
      phase_ = Phase::removing_boot;
      return step::RemoveDirectory{Place::lock_directory, boot_};
    case Phase::removing_boot:
      if (error_) return std::nullopt;
      phase_ = Phase::freshening;
      return step::Look{Place::lock_directory, "", true};
    case Phase::freshening:
      return open(session);
  }
  return std::nullopt;
}

Next OpenFence::publish(Session& session) {
  phase_ = Phase::publishing;
  return step::Rename{Place::lock_directory, boot_, session.names.fence()};
}

Next OpenFence::on_published(Session& session, int error) {
  if (error == 0 || is_absent(error)) {
    // ENOENT: a lost reply, or somebody collected it; either way the public name tells.
    phase_ = Phase::freshening;
    return step::Look{Place::lock_directory, "", true};
  }
  if (is_occupied(error)) {
    phase_ = Phase::clearing_public;
    return step::RemoveDirectory{Place::lock_directory, session.names.fence()};
  }
  if (error == ENOTDIR || error == EISDIR) return withdraw(session, Errc::fence_damaged);
  // Unknown: it may still be published, so its baton must stay.
  return fail(os_error(error));
}

/// It has just said that the fence is there, but this client remembers that it is not, and might for ever: what it asks
/// about the directory is no news if the fence came within the same tick of the server's clock. The server decides on a
/// mkdir, and when that is refused the client forgets what it knew (14). If it is not refused an empty directory is
/// there, as after a crash, and is replaced.
Next OpenFence::ask_the_server(const Session& session) {
  phase_ = Phase::asking;
  return step::MakeDirectory{Place::lock_directory, session.names.fence(), mode_of_fence(session)};
}

Next OpenFence::withdraw(Session& session, std::error_code why) {
  error_ = why;
  phase_ = Phase::removing_baton;
  slot_ = std::min(slot_, session.settings.purpose.slots - 1);
  return step::Unlink{Place::boot, first_baton(session, slot_)};
}

Next OpenFence::judge(Session& session) {
  const bool open_to_all = (found_.mode & writable_by_others) != 0 && !session.settings.trust_others;
  if (open_to_all) return fail(Errc::fence_untrusted);
  if (trusted_owner(session)) {
    session.fence = found_;
    session.fence_open = true;
    error_.clear();
    return std::nullopt;
  }
  if (own_id_) return fail(Errc::fence_untrusted);
  // The server may know us by another number (root squashing): see what it calls the owner of something of ours.
  boot_ = session.names.boot(session.unique());
  phase_ = Phase::probing;
  return step::MakeDirectory{Place::lock_directory, boot_, 0700U};
}

bool OpenFence::trusted_owner(const Session& session) const {
  if (session.settings.trust_others) return true;
  // Whoever could have planted it could write to the lock's directory, and these users are who shares the lock.
  if (session.settings.shared_by_group() && (session.directory.mode & writable_by_others) == 0) return true;
  const std::uint32_t owner = found_.owner;
  if (owner == 0 || owner == session.directory.owner || owner == session.settings.user) return true;
  if (session.claim && session.claim->status.owner == owner) return true;
  return own_id_ && *own_id_ == owner;
}

Next OpenFence::fail(std::error_code why) {
  error_ = why;
  return std::nullopt;
}

}  // namespace leaselock::protocol
