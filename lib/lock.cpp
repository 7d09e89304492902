#include "leaselock/lock.hpp"

#include "lock_impl.hpp"
#include "settings_from.hpp"

namespace leaselock {

namespace {

void require_usable(Duration lifetime, const boost::filesystem::path& lockfile) {
  const std::string why = why_not_lifetime(lifetime);
  if (!why.empty()) throw LockError(Errc::invalid_options, lockfile, why);
}

void forgive_not_locked(std::error_code& error) {
  if (error == Errc::not_locked || error == Errc::lease_lost) error.clear();
}

}  // namespace

Lock::Lock(boost::filesystem::path lockfile, LockOptions options)
    : Lock(std::move(lockfile), std::move(options), protocol::Purpose{}) {}
Lock::Lock(boost::filesystem::path lockfile, LockOptions options, const protocol::Purpose& purpose)
    : impl_(std::make_unique<Impl>(std::move(lockfile), std::move(options), purpose)) {}
Lock::~Lock() = default;
Lock::Lock(Lock&& other) noexcept = default;
Lock& Lock::operator=(Lock&& other) noexcept = default;

void Lock::lock(std::error_code& error) { impl_->lock(options().timeout, error); }
void Lock::lock(Duration timeout, std::error_code& error) { impl_->lock(timeout, error); }
void Lock::lock() {
  throwing(impl_->context, [&](auto& error) { lock(error); });
}
void Lock::lock(Duration timeout) {
  throwing(impl_->context, [&](auto& error) { lock(timeout, error); });
}

bool Lock::try_lock(std::error_code& error) {
  lock(Duration::zero(), error);
  if (!error) return true;
  if (error == Errc::timed_out) error.clear();
  return false;
}
bool Lock::try_lock() {
  return throwing(impl_->context, [&](auto& error) { return try_lock(error); });
}
bool Lock::try_lock_within(Duration timeout) {
  return throwing(impl_->context, [&](auto& error) {
    lock(timeout, error);
    const bool locked = !error;
    if (error == Errc::timed_out) error.clear();
    return locked;
  });
}

void Lock::unlock(std::error_code& error) { impl_->unlock(error); }
void Lock::unlock() {
  throwing(impl_->context, [&](auto& error) { unlock(error); });
}
void Lock::unlock(Unconditionally /*tag*/, std::error_code& error) {
  unlock(error);
  forgive_not_locked(error);
}
void Lock::unlock(Unconditionally tag) {
  throwing(impl_->context, [&](auto& error) { unlock(tag, error); });
}

void Lock::destroy(std::error_code& error) { impl_->destroy(error); }
void Lock::destroy() {
  throwing(impl_->context, [&](auto& error) { destroy(error); });
}

void Lock::refresh(std::error_code& error) { impl_->refresh(std::nullopt, error); }
void Lock::refresh() {
  throwing(impl_->context, [&](auto& error) { refresh(error); });
}
void Lock::refresh(Duration lifetime, std::error_code& error) { impl_->refresh(lifetime, error); }
void Lock::refresh(Duration lifetime) {
  require_usable(lifetime, lockfile());
  throwing(impl_->context, [&](auto& error) { refresh(lifetime, error); });
}
void Lock::refresh(Unconditionally /*tag*/, std::error_code& error) {
  refresh(error);
  forgive_not_locked(error);
}
void Lock::refresh(Unconditionally tag) {
  throwing(impl_->context, [&](auto& error) { refresh(tag, error); });
}

bool Lock::may_act() const noexcept { return remaining() > Duration::zero(); }
Duration Lock::remaining() const noexcept { return impl_->remaining(); }
std::optional<FencingToken> Lock::fencing_token() const noexcept { return impl_->token(); }
Predecessor Lock::predecessor() const { return impl_->context.predecessor(); }

bool Lock::is_locked(std::error_code& error) { return state(error) == LockState::ours && !error; }
bool Lock::is_locked() {
  return throwing(impl_->context, [&](auto& error) { return is_locked(error); });
}

LockState Lock::state(std::error_code& error) {
  return impl_->inspect(error) ? impl_->context.state() : LockState::unknown;
}
LockState Lock::state() {
  return throwing(impl_->context, [&](auto& error) { return state(error); });
}

Details Lock::details(std::error_code& error) {
  if (!impl_->inspect(error)) return {};
  const auto holder = impl_->context.holder();
  if (!holder) {
    error = Errc::not_locked;
    return {};
  }
  return Details{holder->host, holder->pid, lockfile()};
}
Details Lock::details() {
  return throwing(impl_->context, [&](auto& error) { return details(error); });
}

WallTime Lock::expiration(std::error_code& error) {
  if (!impl_->inspect(error)) return {};
  const auto& lock_file = impl_->context.engine().sighting().lock_file;
  if (lock_file) return WallTime(lock_file->modified.time_since_epoch());
  const auto holder = impl_->context.holder();
  if (holder && holder->expires) return *holder->expires;
  error = Errc::not_locked;
  return {};
}
WallTime Lock::expiration() {
  return throwing(impl_->context, [&](auto& error) { return expiration(error); });
}

const boost::filesystem::path& Lock::lockfile() const noexcept { return impl_->context.lockfile(); }
boost::filesystem::path Lock::claimfile() const {
  const auto& claim = impl_->context.session().claim;
  return claim ? lockfile().parent_path() / claim->name : boost::filesystem::path();
}
const std::string& Lock::hostname() const noexcept { return impl_->context.hostname(); }
const LockOptions& Lock::options() const noexcept { return impl_->context.options(); }

Duration Lock::lifetime() const noexcept { return options().lifetime; }
void Lock::set_lifetime(Duration lifetime) {
  require_usable(lifetime, lockfile());
  impl_->context.options().lifetime = lifetime;
  impl_->context.engine().session().settings.lifetime = lifetime;
}

const std::vector<int>& Lock::retry_errnos() const noexcept { return options().retry_errnos; }
void Lock::set_retry_errnos(std::vector<int> errnos) {
  impl_->context.engine().session().settings.retry_errnos = errnos;
  impl_->context.options().retry_errnos = std::move(errnos);
}

}  // namespace leaselock
