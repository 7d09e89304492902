#include "lock.hpp"

namespace c = leaselock::c;
using leaselock::Duration;
using leaselock::Lock;

int leaselock_new(const char* path, const leaselock_options_t* options, leaselock_t** lock) {
  return c::make_handle(__func__, lock,
                        [&] { return std::make_unique<leaselock_t>(c::text_of(path), c::options_of(options)); });
}
void leaselock_free(leaselock_t** lock) { c::free_handle(lock); }

int leaselock_lock(leaselock_t* lock) {
  return c::with(__func__, lock, [](Lock& object) { object.lock(); });
}
int leaselock_lock_for(leaselock_t* lock, int64_t timeout) {
  return c::with(__func__, lock, [&](Lock& object) { object.lock(c::timeout_of(timeout)); });
}
int leaselock_try_lock(leaselock_t* lock) {
  return c::with(__func__, lock, [](Lock& object) { object.lock(Duration::zero()); });
}

int leaselock_unlock(leaselock_t* lock) {
  return c::with(__func__, lock, [](Lock& object) { object.unlock(); });
}
int leaselock_unlock_and_destroy(leaselock_t* lock) {
  return c::with(__func__, lock, [](Lock& object) { object.destroy(); });
}

int leaselock_refresh(leaselock_t* lock) {
  return c::with(__func__, lock, [](Lock& object) { object.refresh(); });
}
int leaselock_refresh_for(leaselock_t* lock, int64_t lifetime) {
  return c::with(__func__, lock, [&](Lock& object) { object.refresh(Duration(lifetime)); });
}

int leaselock_may_act(const leaselock_t* lock) { return c::may_act(lock); }
int64_t leaselock_remaining(const leaselock_t* lock) { return c::remaining(lock); }
uint64_t leaselock_fencing_token(const leaselock_t* lock) { return c::fencing_token(lock); }
int leaselock_predecessor(leaselock_t* lock, int* end, const leaselock_holder_t** holder) {
  return c::predecessor(__func__, lock, end, holder);
}

int leaselock_is_locked(leaselock_t* lock, int* is_locked) {
  return c::with(__func__, lock, [&](Lock& object) { c::place(is_locked) = object.is_locked() ? 1 : 0; });
}
int leaselock_state(leaselock_t* lock, int* state) {
  return c::with(__func__, lock, [&](Lock& object) { c::place(state) = c::number_of(object.state()); });
}
int leaselock_expiration(leaselock_t* lock, int64_t* time) {
  return c::with(__func__, lock, [&](Lock& object) { c::place(time) = c::since_epoch(object.expiration()); });
}
int leaselock_status(leaselock_t* lock, leaselock_status_t** status) { return c::status(__func__, lock, status); }

const char* leaselock_path(const leaselock_t* lock) { return c::path(lock); }
const char* leaselock_hostname(const leaselock_t* lock) {
  return c::ask(lock, "", [](const Lock& object) { return object.hostname().c_str(); });
}
int64_t leaselock_lifetime(const leaselock_t* lock) { return c::lifetime(lock); }
int leaselock_set_lifetime(leaselock_t* lock, int64_t lifetime) {
  return c::with(__func__, lock, [&](Lock& object) { object.set_lifetime(Duration(lifetime)); });
}
int leaselock_claimfile(leaselock_t* lock, const char** path) {
  return c::with(__func__, lock, [&](const Lock& object) {
    const char*& place = c::place(path);
    lock->claimfile = object.claimfile().string();
    place = lock->claimfile.c_str();
  });
}
