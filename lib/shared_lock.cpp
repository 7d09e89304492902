#include "leaselock/shared_lock.hpp"

#include "leaselock/maintenance.hpp"
#include "lock_impl.hpp"

namespace leaselock {
namespace {

protocol::AcquireRequest as_reader() {
  protocol::AcquireRequest request;
  request.shared = true;
  return request;
}

}  // namespace

SharedLock::SharedLock(boost::filesystem::path lockfile, LockOptions options)
    : lock_(std::move(lockfile), std::move(options), {LockKind::shared_lock, 1}) {}
SharedLock::~SharedLock() = default;
SharedLock::SharedLock(SharedLock&& other) noexcept = default;
SharedLock& SharedLock::operator=(SharedLock&& other) noexcept = default;

void SharedLock::lock() { lock_.lock(); }
void SharedLock::lock(std::error_code& error) { lock_.lock(error); }
void SharedLock::lock(Duration timeout) { lock_.lock(timeout); }
void SharedLock::lock(Duration timeout, std::error_code& error) { lock_.lock(timeout, error); }
bool SharedLock::try_lock() { return lock_.try_lock(); }
bool SharedLock::try_lock(std::error_code& error) { return lock_.try_lock(error); }

void SharedLock::unlock(std::error_code& error) {
  if (holds_shared()) {
    error = Errc::not_locked;
    return;
  }
  lock_.unlock(error);
}
void SharedLock::unlock() {
  throwing(lock_.impl_->context, [&](auto& error) { unlock(error); });
}

void SharedLock::lock_shared(std::error_code& error) { lock_.impl_->lock(options().timeout, error, as_reader()); }
void SharedLock::lock_shared() {
  throwing(lock_.impl_->context, [&](auto& error) { lock_shared(error); });
}
void SharedLock::lock_shared(Duration timeout, std::error_code& error) {
  lock_.impl_->lock(timeout, error, as_reader());
}
void SharedLock::lock_shared(Duration timeout) {
  throwing(lock_.impl_->context, [&](auto& error) { lock_shared(timeout, error); });
}
bool SharedLock::try_lock_shared(std::error_code& error) {
  lock_shared(Duration::zero(), error);
  if (!error) return true;
  if (error == Errc::timed_out) error.clear();
  return false;
}
bool SharedLock::try_lock_shared() { return try_lock_shared_within(Duration::zero()); }
bool SharedLock::try_lock_shared_within(Duration timeout) {
  return throwing(lock_.impl_->context, [&](auto& error) {
    lock_shared(timeout, error);
    const bool locked = !error;
    if (error == Errc::timed_out) error.clear();
    return locked;
  });
}

void SharedLock::unlock_shared(std::error_code& error) {
  if (holds_exclusive()) {
    error = Errc::not_locked;
    return;
  }
  lock_.unlock(error);
}
void SharedLock::unlock_shared() {
  throwing(lock_.impl_->context, [&](auto& error) { unlock_shared(error); });
}

bool SharedLock::try_upgrade(std::error_code& error) {
  lock_.impl_->upgrade(error);
  if (!error) return true;
  if (error == Errc::timed_out) error.clear();
  return false;
}
bool SharedLock::try_upgrade() {
  return throwing(lock_.impl_->context, [&](auto& error) { return try_upgrade(error); });
}
void SharedLock::downgrade(std::error_code& error) { lock_.impl_->downgrade(error); }
void SharedLock::downgrade() {
  throwing(lock_.impl_->context, [&](auto& error) { downgrade(error); });
}

void SharedLock::refresh() { lock_.refresh(); }
void SharedLock::refresh(std::error_code& error) { lock_.refresh(error); }
void SharedLock::refresh(Duration lifetime) { lock_.refresh(lifetime); }
void SharedLock::refresh(Duration lifetime, std::error_code& error) { lock_.refresh(lifetime, error); }
bool SharedLock::may_act() const noexcept { return lock_.may_act(); }
Duration SharedLock::remaining() const noexcept { return lock_.remaining(); }
std::optional<FencingToken> SharedLock::fencing_token() const noexcept { return lock_.fencing_token(); }
Predecessor SharedLock::predecessor() const { return lock_.predecessor(); }

bool SharedLock::holds_shared() const noexcept { return lock_.impl_->holds_shared(); }
bool SharedLock::holds_exclusive() const noexcept { return lock_.impl_->holds_exclusive(); }

LockStatus SharedLock::status(std::error_code& error) { return inspect(lockfile(), options(), error); }
LockStatus SharedLock::status() { return inspect(lockfile(), options()); }

const boost::filesystem::path& SharedLock::lockfile() const noexcept { return lock_.lockfile(); }
const LockOptions& SharedLock::options() const noexcept { return lock_.options(); }
Duration SharedLock::lifetime() const noexcept { return lock_.lifetime(); }

}  // namespace leaselock
