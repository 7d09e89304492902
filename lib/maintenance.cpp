#include "leaselock/maintenance.hpp"

#include <algorithm>
#include <set>

#include "lock_context.hpp"
#include "protocol/names.hpp"

namespace leaselock {
namespace {

/// Nobody waits here, and nothing is cancelled in the middle.
LockOptions at_once(LockOptions options) {
  options.timeout = Duration::zero();
  options.on_wait = nullptr;
  options.stop = {};
  options.on_event = nullptr;
  options.counters.reset();
  return options;
}

std::string problem_with(const protocol::Sighting& seen, const LockStatus& status) {
  if (seen.fence_error) return "the fence directory: " + seen.fence_error.message();
  if (!seen.slots.empty() && seen.slots.size() < status.slots) {
    return "only " + std::to_string(seen.slots.size()) + " of " + std::to_string(status.slots) +
           " slots are there, because a resize was interrupted; resize it to " + std::to_string(status.slots) +
           " again";
  }
  if (!seen.lock_file) return "";
  switch (seen.lock_file->kind) {
    case protocol::FileKind::directory:
      return "a directory is at the lock path; move it away, or choose another path";
    case protocol::FileKind::symlink:
      return "a symbolic link is at the lock path; move it away, or choose another path";
    case protocol::FileKind::other:
    case protocol::FileKind::none:
      return "something that is no file is at the lock path; move it away, or choose another path";
    case protocol::FileKind::regular:
      break;
  }
  if (!seen.claim)
    return "the file at the lock path does not contain the name of a claim of this lock; move it away, or choose "
           "another path";
  const bool foreign = status.holder && status.holder->token && status.holder->claim.empty();
  if (foreign) return "the lock file names another holder than the fence directory, which decides";
  return "";
}

LockStatus look(LockContext& context, std::error_code& error) {
  LockStatus status;
  status.lockfile = context.lockfile();
  error = context.run(context.engine().start_inspect(context.now()));
  if (error) return status;
  const protocol::Sighting& seen = context.engine().sighting();
  status.state = context.state();
  status.holder = context.holder();
  status.holders = context.holders();
  if (!status.holder && !status.holders.empty()) status.holder = status.holders.front();
  if (seen.baton) {
    status.kind = seen.baton->purpose.kind;
    status.slots = seen.baton->purpose.slots;
  }
  status.fence = seen.fence;
  status.lock_file = seen.lock_file.has_value();
  if (seen.baton && seen.baton->number != 0) status.token = seen.baton->number;
  for (const protocol::Ticket& ticket : seen.queue) {
    status.queue.push_back({ticket.owner.host, ticket.owner.pid, WallTime(Duration(ticket.stamp_ns))});
  }
  status.problem = problem_with(seen, status);
  error = context.look_for_leftovers();
  status.waiters = context.engine().swept().waiting;
  status.leftovers = context.engine().swept().removed;
  return status;
}

/// For what the last look has found. All slots of a semaphore that are there.
void take_for_what_it_is(LockContext& context, protocol::AcquireRequest& request) {
  const protocol::Sighting& seen = context.engine().sighting();
  if (!seen.baton) return;
  context.set_purpose(seen.baton->purpose);
  if (!seen.slots.empty()) request.slots = static_cast<std::uint32_t>(seen.slots.size());
}

/// Slots of a semaphore that are not held, or no longer by the clock that people are told by.
std::uint32_t free_or_expired(const LockContext& context, const LockStatus& status, std::uint32_t slots) {
  const WallTime now(context.server_now().time_since_epoch());
  const auto alive = std::ranges::count_if(status.holders, [&](const Holder& each) { return *each.expires > now; });
  return slots - static_cast<std::uint32_t>(alive);
}

/// Takes the lock once, breaking what `by_force` allows. Returns false when nobody held it.
bool take_away(LockContext& context, bool by_force, std::error_code& error) {
  const LockStatus before = look(context, error);
  const bool held = before.holder || (before.lock_file && before.state != LockState::unlocked);
  if (error || !held) return false;
  protocol::AcquireRequest request;
  request.by_force = by_force;
  take_for_what_it_is(context, request);
  const std::uint32_t there = request.slots;
  const bool some_live = before.kind == LockKind::semaphore && !by_force;
  if (some_live) request.slots = free_or_expired(context, before, request.slots);
  const bool none_to_break = some_live && request.slots + before.holders.size() <= there;
  error = none_to_break ? make_error_code(Errc::still_alive) : context.acquire(Duration::zero(), request);
  if (error == Errc::timed_out) error = Errc::still_alive;
  if (!error) error = context.release();
  context.run(context.engine().start_close(context.now()));
  return !error;
}

/// The lock that a file name belongs to, or an empty string.
std::string base_of(const std::string& name, const std::string& separator) {
  std::string base = name.substr(0, name.find(separator));
  if (base.empty()) return "";
  const protocol::Names names(base, separator);
  const bool is_one_of_its = name == names.fence() || name == names.gate() || names.parse_claim(name) ||
                             names.parse_boot(name) || names.parse_aside(name) || names.parse_mark(name);
  return is_one_of_its ? base : "";
}

/// How long those may be let go first who stand in the queue of a free lock; one that was killed keeps us waiting.
Duration patience_with(const LockStatus& status, const LockContext& context) {
  constexpr std::size_t most = 16;  // protocol.md 7.2, point 3
  if (status.state != LockState::unlocked || status.queue.empty()) return Duration::zero();
  const auto turns = static_cast<std::int64_t>(std::min(status.queue.size(), most) + 1);
  return turns * context.session().timing.patience;
}

Cleaned clean_up(LockContext& context, std::error_code& error) {
  Cleaned cleaned;
  const LockStatus before = look(context, error);
  if (error) return cleaned;
  error = context.run(context.engine().start_sweep(context.now()));
  if (error) return cleaned;
  cleaned.removed = context.engine().swept().removed;
  cleaned.kept = context.engine().swept().in_use;
  if (!before.fence && !before.lock_file) return cleaned;
  // Only an owner may take the fence away, so become one if nobody is. Whoever holds it keeps it.
  protocol::AcquireRequest request;
  request.for_removal = true;
  take_for_what_it_is(context, request);
  if (context.acquire(patience_with(before, context), request)) {
    context.run(context.engine().start_close(context.now()));
    return cleaned;
  }
  error = context.destroy();
  if (!error && before.fence) cleaned.removed.push_back(context.session().names.fence());
  if (!error && before.lock_file) cleaned.removed.push_back(context.session().names.base());
  cleaned.kept -= std::min<std::size_t>(cleaned.kept, (before.fence ? 1U : 0U) + (before.lock_file ? 1U : 0U));
  return cleaned;
}

std::vector<boost::filesystem::path> list_locks(LockContext& context, std::error_code& error) {
  std::vector<std::string> names;
  error = context.list_directory(names);
  std::set<std::string> bases;
  for (const auto& name : names) bases.insert(base_of(name, context.options().separator));
  bases.erase("");
  std::vector<boost::filesystem::path> locks;
  for (const auto& base : bases) locks.push_back(context.lockfile().parent_path() / base);
  return locks;
}

/// Both forms of a function: `body` does the work, options that make no sense are an error like any other.
template <class Body>
auto reporting(const boost::filesystem::path& lockfile, const LockOptions& options, std::error_code& error, Body body)
    -> decltype(body(std::declval<LockContext&>(), error)) {
  error.clear();
  try {
    LockContext context(lockfile, at_once(options));
    return body(context, error);
  } catch (const LockError& invalid) {
    error = invalid.code();
    return {};
  }
}

template <class Body>
auto raising(const boost::filesystem::path& lockfile, const LockOptions& options, Body body) {
  LockContext context(lockfile, at_once(options));
  return throwing(context, [&](auto& error) { return body(context, error); });
}

bool break_if_expired(LockContext& context, std::error_code& error) { return take_away(context, false, error); }
bool break_by_force(LockContext& context, std::error_code& error) { return take_away(context, true, error); }

}  // namespace

LockStatus inspect(const boost::filesystem::path& lockfile, const LockOptions& options, std::error_code& error) {
  return reporting(lockfile, options, error, look);
}
LockStatus inspect(const boost::filesystem::path& lockfile, const LockOptions& options) {
  return raising(lockfile, options, look);
}

bool break_expired(const boost::filesystem::path& lockfile, const LockOptions& options, std::error_code& error) {
  return reporting(lockfile, options, error, break_if_expired);
}
bool break_expired(const boost::filesystem::path& lockfile, const LockOptions& options) {
  return raising(lockfile, options, break_if_expired);
}

bool unsafe_break(const boost::filesystem::path& lockfile, const LockOptions& options, std::error_code& error) {
  return reporting(lockfile, options, error, break_by_force);
}
bool unsafe_break(const boost::filesystem::path& lockfile, const LockOptions& options) {
  return raising(lockfile, options, break_by_force);
}

Cleaned clean(const boost::filesystem::path& lockfile, const LockOptions& options, std::error_code& error) {
  return reporting(lockfile, options, error, clean_up);
}
Cleaned clean(const boost::filesystem::path& lockfile, const LockOptions& options) {
  return raising(lockfile, options, clean_up);
}

std::vector<boost::filesystem::path> locks_in(const boost::filesystem::path& directory, const LockOptions& options,
                                              std::error_code& error) {
  return reporting(directory / "any", options, error, list_locks);
}
std::vector<boost::filesystem::path> locks_in(const boost::filesystem::path& directory, const LockOptions& options) {
  return raising(directory / "any", options, list_locks);
}

}  // namespace leaselock
