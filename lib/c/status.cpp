#include "status.hpp"

leaselock_status_t::leaselock_status_t(leaselock::LockStatus status) : value(std::move(status)), holder(value.holder) {
  for (const leaselock::Holder& each : value.holders) holders.push_back({&each});
  for (const leaselock::Waiter& each : value.queue) queue.push_back({&each});
  waiters.all = value.waiters;
  leftovers.all = value.leftovers;
}

using leaselock::c::if_valid;

void leaselock_status_free(leaselock_status_t** status) { leaselock::c::free_handle(status); }

const char* leaselock_status_path(const leaselock_status_t* status) {
  return if_valid(status) != nullptr ? status->value.lockfile.c_str() : "";
}
int leaselock_status_kind(const leaselock_status_t* status) {
  return if_valid(status) != nullptr ? leaselock::c::number_of(status->value.kind) : LEASELOCK_KIND_LOCK;
}
uint32_t leaselock_status_slots(const leaselock_status_t* status) {
  return if_valid(status) != nullptr ? status->value.slots : 0;
}
int leaselock_status_state(const leaselock_status_t* status) {
  return if_valid(status) != nullptr ? leaselock::c::number_of(status->value.state) : LEASELOCK_STATE_UNKNOWN;
}

const leaselock_holder_t* leaselock_status_holder(const leaselock_status_t* status) {
  return if_valid(status) != nullptr ? status->holder.get() : nullptr;
}
size_t leaselock_status_holders_count(const leaselock_status_t* status) {
  return if_valid(status) != nullptr ? status->holders.size() : 0;
}
const leaselock_holder_t* leaselock_status_holders_at(const leaselock_status_t* status, size_t index) {
  return index < leaselock_status_holders_count(status) ? &status->holders[index] : nullptr;
}

size_t leaselock_status_queue_count(const leaselock_status_t* status) {
  return if_valid(status) != nullptr ? status->queue.size() : 0;
}
const leaselock_waiter_t* leaselock_status_queue_at(const leaselock_status_t* status, size_t index) {
  return index < leaselock_status_queue_count(status) ? &status->queue[index] : nullptr;
}
const leaselock_names_t* leaselock_status_waiters(const leaselock_status_t* status) {
  return if_valid(status) != nullptr ? &status->waiters : nullptr;
}

int leaselock_status_fence(const leaselock_status_t* status) {
  return if_valid(status) != nullptr && status->value.fence ? 1 : 0;
}
int leaselock_status_lock_file(const leaselock_status_t* status) {
  return if_valid(status) != nullptr && status->value.lock_file ? 1 : 0;
}
uint64_t leaselock_status_token(const leaselock_status_t* status) {
  return if_valid(status) != nullptr ? status->value.token.value_or(0) : 0;
}
const leaselock_names_t* leaselock_status_leftovers(const leaselock_status_t* status) {
  return if_valid(status) != nullptr ? &status->leftovers : nullptr;
}
const char* leaselock_status_problem(const leaselock_status_t* status) {
  return if_valid(status) != nullptr ? status->value.problem.c_str() : "";
}
