#include "holder.hpp"

#include "names.hpp"

namespace leaselock::c {

// The numbers of the C interface are those of the C++ enumerations, in the order of today; these keep it so.
static_assert(static_cast<int>(LockState::unlocked) == LEASELOCK_STATE_UNLOCKED);
static_assert(static_cast<int>(LockState::ours) == LEASELOCK_STATE_OURS);
static_assert(static_cast<int>(LockState::ours_expired) == LEASELOCK_STATE_OURS_EXPIRED);
static_assert(static_cast<int>(LockState::stale) == LEASELOCK_STATE_STALE);
static_assert(static_cast<int>(LockState::theirs_expired) == LEASELOCK_STATE_THEIRS_EXPIRED);
static_assert(static_cast<int>(LockState::unknown) == LEASELOCK_STATE_UNKNOWN);
int number_of(LockState state) noexcept { return static_cast<int>(state); }

static_assert(static_cast<int>(LockKind::lock) == LEASELOCK_KIND_LOCK);
static_assert(static_cast<int>(LockKind::semaphore) == LEASELOCK_KIND_SEMAPHORE);
static_assert(static_cast<int>(LockKind::shared_lock) == LEASELOCK_KIND_SHARED_LOCK);
int number_of(LockKind kind) noexcept { return static_cast<int>(kind); }

static_assert(static_cast<int>(PredecessorEnd::none) == LEASELOCK_PREDECESSOR_NONE);
static_assert(static_cast<int>(PredecessorEnd::released) == LEASELOCK_PREDECESSOR_RELEASED);
static_assert(static_cast<int>(PredecessorEnd::expired) == LEASELOCK_PREDECESSOR_EXPIRED);
static_assert(static_cast<int>(PredecessorEnd::died) == LEASELOCK_PREDECESSOR_DIED);
int number_of(PredecessorEnd end) noexcept { return static_cast<int>(end); }

}  // namespace leaselock::c

const char* leaselock_kind_name(int kind) { return leaselock::c::word_for<leaselock::LockKind, 3>(kind); }
const char* leaselock_state_name(int state) { return leaselock::c::word_for<leaselock::LockState, 6>(state); }
const char* leaselock_predecessor_name(int end) { return leaselock::c::word_for<leaselock::PredecessorEnd, 4>(end); }

const char* leaselock_holder_host(const leaselock_holder_t* holder) {
  return holder != nullptr ? holder->value->host.c_str() : "";
}
int64_t leaselock_holder_pid(const leaselock_holder_t* holder) { return holder != nullptr ? holder->value->pid : 0; }
const char* leaselock_holder_claim(const leaselock_holder_t* holder) {
  return holder != nullptr ? holder->value->claim.c_str() : "";
}
int64_t leaselock_holder_expires(const leaselock_holder_t* holder) {
  if (holder == nullptr || !holder->value->expires) return LEASELOCK_NONE;
  return leaselock::c::since_epoch(*holder->value->expires);
}
uint64_t leaselock_holder_token(const leaselock_holder_t* holder) {
  return holder != nullptr ? holder->value->token.value_or(0) : 0;
}
int64_t leaselock_holder_slot(const leaselock_holder_t* holder) {
  return holder != nullptr && holder->value->slot ? *holder->value->slot : LEASELOCK_NONE;
}
int leaselock_holder_shared(const leaselock_holder_t* holder) {
  return holder != nullptr && holder->value->shared ? 1 : 0;
}
int leaselock_holder_gone(const leaselock_holder_t* holder) { return holder != nullptr && holder->value->gone ? 1 : 0; }

const char* leaselock_waiter_host(const leaselock_waiter_t* waiter) {
  return waiter != nullptr ? waiter->value->host.c_str() : "";
}
int64_t leaselock_waiter_pid(const leaselock_waiter_t* waiter) { return waiter != nullptr ? waiter->value->pid : 0; }
int64_t leaselock_waiter_since(const leaselock_waiter_t* waiter) {
  return waiter != nullptr ? leaselock::c::since_epoch(waiter->value->since) : LEASELOCK_NONE;
}
