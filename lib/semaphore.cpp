#include "leaselock/semaphore.hpp"

#include "leaselock/maintenance.hpp"
#include "lock_impl.hpp"
#include "resize.hpp"
#include "settings_from.hpp"

namespace leaselock {
namespace {

protocol::Purpose purpose_of(std::uint32_t slots) { return {LockKind::semaphore, slots}; }

protocol::AcquireRequest for_slots(std::uint32_t count) {
  protocol::AcquireRequest request;
  request.slots = count;
  return request;
}

/// What invalid_options alone would not tell.
void check_count(std::uint32_t count, const Semaphore& semaphore) {
  const std::string several = std::to_string(count) + " slots";
  if (count == 0 || count > semaphore.slots()) {
    throw LockError(Errc::invalid_options, semaphore.lockfile(),
                    several + " were asked for; the semaphore has " + std::to_string(semaphore.slots()));
  }
  if (count > 1 && !semaphore.options().fair) {
    throw LockError(Errc::invalid_options, semaphore.lockfile(),
                    several + " were asked for without a queue (LockOptions::fair), which could wait for ever");
  }
}

}  // namespace

Semaphore::Semaphore(boost::filesystem::path lockfile, std::uint32_t slots, LockOptions options)
    : lock_(std::move(lockfile), std::move(options), purpose_of(slots)), slots_(slots) {}
Semaphore::~Semaphore() = default;
Semaphore::Semaphore(Semaphore&& other) noexcept = default;
Semaphore& Semaphore::operator=(Semaphore&& other) noexcept = default;

void Semaphore::acquire(std::uint32_t count, std::error_code& error) {
  lock_.impl_->lock(options().timeout, error, for_slots(count));
}
void Semaphore::acquire(std::uint32_t count, Duration timeout, std::error_code& error) {
  lock_.impl_->lock(timeout, error, for_slots(count));
}
void Semaphore::acquire(std::uint32_t count) {
  check_count(count, *this);
  throwing(lock_.impl_->context, [&](auto& error) { acquire(count, error); });
}
void Semaphore::acquire(std::uint32_t count, Duration timeout) {
  check_count(count, *this);
  throwing(lock_.impl_->context, [&](auto& error) { acquire(count, timeout, error); });
}

bool Semaphore::try_acquire(std::uint32_t count, std::error_code& error) {
  acquire(count, Duration::zero(), error);
  if (!error) return true;
  if (error == Errc::timed_out) error.clear();
  return false;
}
bool Semaphore::try_acquire(std::uint32_t count) {
  check_count(count, *this);
  return throwing(lock_.impl_->context, [&](auto& error) { return try_acquire(count, error); });
}
bool Semaphore::try_acquire_within(Duration timeout, std::uint32_t count) {
  check_count(count, *this);
  return throwing(lock_.impl_->context, [&](auto& error) {
    acquire(count, timeout, error);
    const bool acquired = !error;
    if (error == Errc::timed_out) error.clear();
    return acquired;
  });
}

void Semaphore::release(std::error_code& error) { lock_.unlock(error); }
void Semaphore::release() { lock_.unlock(); }
void Semaphore::release(Unconditionally tag, std::error_code& error) { lock_.unlock(tag, error); }
void Semaphore::release(Unconditionally tag) { lock_.unlock(tag); }

void Semaphore::refresh(std::error_code& error) { lock_.refresh(error); }
void Semaphore::refresh() { lock_.refresh(); }
void Semaphore::refresh(Duration lifetime, std::error_code& error) { lock_.refresh(lifetime, error); }
void Semaphore::refresh(Duration lifetime) { lock_.refresh(lifetime); }

void Semaphore::resize(std::uint32_t slots, std::optional<Duration> timeout, std::error_code& error) {
  if (!why_not_purpose(purpose_of(slots), options()).empty()) {
    error = Errc::invalid_options;
    return;
  }
  lock_.impl_->enter();
  resize_semaphore(lock_.impl_->context, slots, timeout, error);
  slots_ = lock_.impl_->context.purpose().slots;
}
void Semaphore::resize(std::uint32_t slots) { resize(slots, options().timeout); }
void Semaphore::resize(std::uint32_t slots, std::optional<Duration> timeout) {
  const std::string why = why_not_purpose(purpose_of(slots), options());
  if (!why.empty()) throw LockError(Errc::invalid_options, lockfile(), why);
  throwing(lock_.impl_->context, [&](auto& error) { resize(slots, timeout, error); });
}

bool Semaphore::may_act() const noexcept { return lock_.may_act(); }
Duration Semaphore::remaining() const noexcept { return lock_.remaining(); }
std::optional<FencingToken> Semaphore::fencing_token() const noexcept { return lock_.fencing_token(); }
Predecessor Semaphore::predecessor() const { return lock_.predecessor(); }

std::vector<Slot> Semaphore::held() const { return lock_.impl_->held_slots(); }

LockStatus Semaphore::status(std::error_code& error) { return inspect(lockfile(), options(), error); }
LockStatus Semaphore::status() { return inspect(lockfile(), options()); }

const boost::filesystem::path& Semaphore::lockfile() const noexcept { return lock_.lockfile(); }
std::uint32_t Semaphore::slots() const noexcept { return slots_; }
const LockOptions& Semaphore::options() const noexcept { return lock_.options(); }
Duration Semaphore::lifetime() const noexcept { return lock_.lifetime(); }

}  // namespace leaselock
