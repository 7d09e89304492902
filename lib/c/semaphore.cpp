#include "semaphore.hpp"

namespace c = leaselock::c;
using leaselock::Duration;
using leaselock::Semaphore;
static_assert(LEASELOCK_SEMAPHORE_MOST_SLOTS == Semaphore::most_slots);

int leaselock_semaphore_new(const char* path, uint32_t slots, const leaselock_options_t* options,
                            leaselock_semaphore_t** semaphore) {
  return c::make_handle(__func__, semaphore, [&] {
    return std::make_unique<leaselock_semaphore_t>(c::text_of(path), slots, c::options_of(options));
  });
}
void leaselock_semaphore_free(leaselock_semaphore_t** semaphore) { c::free_handle(semaphore); }

int leaselock_semaphore_acquire(leaselock_semaphore_t* semaphore, uint32_t count) {
  return c::with(__func__, semaphore, [&](Semaphore& object) { object.acquire(count); });
}
int leaselock_semaphore_acquire_for(leaselock_semaphore_t* semaphore, uint32_t count, int64_t timeout) {
  return c::with(__func__, semaphore, [&](Semaphore& object) { object.acquire(count, c::timeout_of(timeout)); });
}
int leaselock_semaphore_try_acquire(leaselock_semaphore_t* semaphore, uint32_t count) {
  return c::with(__func__, semaphore, [&](Semaphore& object) { object.acquire(count, Duration::zero()); });
}

int leaselock_semaphore_release(leaselock_semaphore_t* semaphore) {
  return c::with(__func__, semaphore, [](Semaphore& object) { object.release(); });
}
int leaselock_semaphore_refresh(leaselock_semaphore_t* semaphore) {
  return c::with(__func__, semaphore, [](Semaphore& object) { object.refresh(); });
}
int leaselock_semaphore_refresh_for(leaselock_semaphore_t* semaphore, int64_t lifetime) {
  return c::with(__func__, semaphore, [&](Semaphore& object) { object.refresh(Duration(lifetime)); });
}
int leaselock_semaphore_resize(leaselock_semaphore_t* semaphore, uint32_t slots, int64_t timeout) {
  return c::with(__func__, semaphore, [&](Semaphore& object) { object.resize(slots, c::timeout_of(timeout)); });
}

int leaselock_semaphore_may_act(const leaselock_semaphore_t* semaphore) { return c::may_act(semaphore); }
int64_t leaselock_semaphore_remaining(const leaselock_semaphore_t* semaphore) { return c::remaining(semaphore); }
uint64_t leaselock_semaphore_fencing_token(const leaselock_semaphore_t* semaphore) {
  return c::fencing_token(semaphore);
}
int leaselock_semaphore_held(const leaselock_semaphore_t* semaphore, uint32_t* indexes, uint64_t* tokens,
                             size_t capacity, size_t* count) {
  if (count != nullptr) *count = 0;
  return c::guarded(__func__, [&] {
    const std::vector<leaselock::Slot> held = c::checked(semaphore).owned->object.held();
    c::place(count) = held.size();
    for (std::size_t i = 0; i < held.size() && i < capacity; ++i) {
      if (indexes != nullptr) indexes[i] = held[i].index;
      if (tokens != nullptr) tokens[i] = held[i].token;
    }
  });
}
int leaselock_semaphore_predecessor(leaselock_semaphore_t* semaphore, int* end, const leaselock_holder_t** holder) {
  return c::predecessor(__func__, semaphore, end, holder);
}

int leaselock_semaphore_status(leaselock_semaphore_t* semaphore, leaselock_status_t** status) {
  return c::status(__func__, semaphore, status);
}

const char* leaselock_semaphore_path(const leaselock_semaphore_t* semaphore) { return c::path(semaphore); }
uint32_t leaselock_semaphore_slots(const leaselock_semaphore_t* semaphore) {
  return c::ask(semaphore, uint32_t{0}, [](const Semaphore& object) { return object.slots(); });
}
int64_t leaselock_semaphore_lifetime(const leaselock_semaphore_t* semaphore) { return c::lifetime(semaphore); }
