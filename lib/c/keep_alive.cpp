#include "leaselock/keep_alive.hpp"

#include <boost/filesystem/path.hpp>
#include <memory>

#include "keep_alive_options.hpp"
#include "lease_report.hpp"
#include "leaselock/c/keep_alive.h"
#include "leaselock/error.hpp"
#include "lock.hpp"
#include "semaphore.hpp"
#include "shared_lock.hpp"

/// The order matters: refreshing ends first, then others may use the lock, then it may go.
struct leaselock_keep_alive_t : leaselock::c::Marked<0x6c6c'6b65'6570'0001> {
  template <class Object>
  leaselock_keep_alive_t(std::shared_ptr<leaselock::c::Owned<Object>> owned, leaselock::KeepAliveOptions options)
      : lock(owned),
        in_use(owned->in_use),
        turn(in_use),
        path(owned->object.lockfile()),
        keep(owned->object, std::move(options)) {}

  std::shared_ptr<void> lock;
  std::atomic<bool>& in_use;
  leaselock::c::Turn turn;
  boost::filesystem::path path;
  leaselock::KeepAlive keep;
};

namespace c = leaselock::c;

namespace {

template <class Handle>
int make(const char* function, Handle* handle, const leaselock_keep_alive_options_t* options,
         leaselock_keep_alive_t** keep_alive) {
  return c::make_handle(function, keep_alive, [&] {
    auto value = options == nullptr ? leaselock::KeepAliveOptions() : c::checked(options).value;
    return std::make_unique<leaselock_keep_alive_t>(c::checked(handle).owned, std::move(value));
  });
}

}  // namespace

int leaselock_keep_alive_new(leaselock_t* lock, const leaselock_keep_alive_options_t* options,
                             leaselock_keep_alive_t** keep_alive) {
  return make(__func__, lock, options, keep_alive);
}
int leaselock_keep_alive_new_semaphore(leaselock_semaphore_t* semaphore, const leaselock_keep_alive_options_t* options,
                                       leaselock_keep_alive_t** keep_alive) {
  return make(__func__, semaphore, options, keep_alive);
}
int leaselock_keep_alive_new_shared(leaselock_shared_t* lock, const leaselock_keep_alive_options_t* options,
                                    leaselock_keep_alive_t** keep_alive) {
  return make(__func__, lock, options, keep_alive);
}
void leaselock_keep_alive_free(leaselock_keep_alive_t** keep_alive) { c::free_handle(keep_alive); }

int leaselock_keep_alive_stop_requested(const leaselock_keep_alive_t* keep_alive) {
  const bool may_go_on = c::if_valid(keep_alive) != nullptr && !keep_alive->keep.get_stop_token().stop_requested();
  return may_go_on ? 0 : 1;
}
int leaselock_keep_alive_state(const leaselock_keep_alive_t* keep_alive) {
  return c::if_valid(keep_alive) != nullptr ? c::number_of(keep_alive->keep.state()) : LEASELOCK_LEASE_LOST;
}
int leaselock_keep_alive_may_act(const leaselock_keep_alive_t* keep_alive) {
  return c::if_valid(keep_alive) != nullptr && keep_alive->keep.may_act() ? 1 : 0;
}
int leaselock_keep_alive_report(const leaselock_keep_alive_t* keep_alive, leaselock_lease_report_t** report) {
  return c::make_handle(__func__, report, [&] {
    return std::make_unique<leaselock_lease_report_t>(c::checked(keep_alive).keep.report());
  });
}

int leaselock_keep_alive_stop(leaselock_keep_alive_t* keep_alive) {
  return c::guarded(__func__, [&] {
    c::checked(keep_alive).keep.stop();
    keep_alive->turn.end();
  });
}
int leaselock_keep_alive_stop_for(leaselock_keep_alive_t* keep_alive, int64_t patience) {
  return c::guarded(__func__, [&] {
    if (!c::checked(keep_alive).keep.stop_for(c::timeout_of(patience))) {
      throw leaselock::LockError(leaselock::Errc::timed_out, keep_alive->path,
                                 "the refresh under way has not come back from the file server");
    }
    keep_alive->turn.end();
  });
}
int leaselock_keep_alive_unlock(leaselock_keep_alive_t* keep_alive) {
  return c::guarded(__func__, [&] {
    leaselock_keep_alive_t& handle = c::checked(keep_alive);
    handle.keep.stop();
    handle.turn.end();  // it may have ended long ago, and then somebody else may use the lock
    const c::Turn alone(handle.in_use);
    handle.keep.unlock();
  });
}
