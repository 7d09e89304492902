#include "shared_lock.hpp"

#include "leaselock/error.hpp"

namespace c = leaselock::c;
using leaselock::Duration;
using leaselock::SharedLock;

int leaselock_shared_new(const char* path, const leaselock_options_t* options, leaselock_shared_t** lock) {
  return c::make_handle(__func__, lock,
                        [&] { return std::make_unique<leaselock_shared_t>(c::text_of(path), c::options_of(options)); });
}
void leaselock_shared_free(leaselock_shared_t** lock) { c::free_handle(lock); }

int leaselock_shared_lock_exclusive(leaselock_shared_t* lock) {
  return c::with(__func__, lock, [](SharedLock& object) { object.lock(); });
}
int leaselock_shared_lock_exclusive_for(leaselock_shared_t* lock, int64_t timeout) {
  return c::with(__func__, lock, [&](SharedLock& object) { object.lock(c::timeout_of(timeout)); });
}
int leaselock_shared_try_lock_exclusive(leaselock_shared_t* lock) {
  return c::with(__func__, lock, [](SharedLock& object) { object.lock(Duration::zero()); });
}
int leaselock_shared_lock_shared(leaselock_shared_t* lock) {
  return c::with(__func__, lock, [](SharedLock& object) { object.lock_shared(); });
}
int leaselock_shared_lock_shared_for(leaselock_shared_t* lock, int64_t timeout) {
  return c::with(__func__, lock, [&](SharedLock& object) { object.lock_shared(c::timeout_of(timeout)); });
}
int leaselock_shared_try_lock_shared(leaselock_shared_t* lock) {
  return c::with(__func__, lock, [](SharedLock& object) { object.lock_shared(Duration::zero()); });
}

int leaselock_shared_unlock(leaselock_shared_t* lock) {
  return c::with(__func__, lock,
                 [](SharedLock& object) { object.holds_shared() ? object.unlock_shared() : object.unlock(); });
}

int leaselock_shared_try_upgrade(leaselock_shared_t* lock) {
  return c::with(__func__, lock, [](SharedLock& object) {
    if (object.try_upgrade()) return;
    throw leaselock::LockError(leaselock::Errc::timed_out, object.lockfile(),
                               "there is another reader, or a writer waits: give it back, and ask for it exclusively");
  });
}
int leaselock_shared_downgrade(leaselock_shared_t* lock) {
  return c::with(__func__, lock, [](SharedLock& object) { object.downgrade(); });
}

int leaselock_shared_refresh(leaselock_shared_t* lock) {
  return c::with(__func__, lock, [](SharedLock& object) { object.refresh(); });
}
int leaselock_shared_refresh_for(leaselock_shared_t* lock, int64_t lifetime) {
  return c::with(__func__, lock, [&](SharedLock& object) { object.refresh(Duration(lifetime)); });
}
int leaselock_shared_may_act(const leaselock_shared_t* lock) { return c::may_act(lock); }
int64_t leaselock_shared_remaining(const leaselock_shared_t* lock) { return c::remaining(lock); }
uint64_t leaselock_shared_fencing_token(const leaselock_shared_t* lock) { return c::fencing_token(lock); }
int leaselock_shared_predecessor(leaselock_shared_t* lock, int* end, const leaselock_holder_t** holder) {
  return c::predecessor(__func__, lock, end, holder);
}

int leaselock_shared_holds_shared(const leaselock_shared_t* lock) {
  return c::ask(lock, 0, [](const SharedLock& object) { return object.holds_shared() ? 1 : 0; });
}
int leaselock_shared_holds_exclusive(const leaselock_shared_t* lock) {
  return c::ask(lock, 0, [](const SharedLock& object) { return object.holds_exclusive() ? 1 : 0; });
}

int leaselock_shared_status(leaselock_shared_t* lock, leaselock_status_t** status) {
  return c::status(__func__, lock, status);
}

const char* leaselock_shared_path(const leaselock_shared_t* lock) { return c::path(lock); }
int64_t leaselock_shared_lifetime(const leaselock_shared_t* lock) { return c::lifetime(lock); }
