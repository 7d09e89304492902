#include "options.hpp"

#include "counters.hpp"
#include "event.hpp"
#include "stop.hpp"

namespace leaselock::c {
namespace {

/// The enumerator of a number, of which there are `count`, in the same order.
template <class Enum>
Enum enumerator(int number, int count) {
  require(number >= 0 && number < count, "there is no such value");
  return static_cast<Enum>(number);
}
static_assert(static_cast<int>(Mode::fenced) == LEASELOCK_MODE_FENCED);
static_assert(static_cast<int>(Mode::compat) == LEASELOCK_MODE_COMPAT);
static_assert(static_cast<int>(Trust::owner) == LEASELOCK_TRUST_OWNER);
static_assert(static_cast<int>(Trust::anyone) == LEASELOCK_TRUST_ANYONE);
static_assert(static_cast<int>(FastPath::automatic) == LEASELOCK_FAST_PATH_AUTOMATIC);
static_assert(static_cast<int>(FastPath::off) == LEASELOCK_FAST_PATH_OFF);
static_assert(static_cast<int>(FastPath::required) == LEASELOCK_FAST_PATH_REQUIRED);

template <class Body>
int set(const char* function, leaselock_options_t* options, Body body) noexcept {
  return guarded(function, [&] { body(checked(options).value); });
}

/// Gives a C callback the C form of what the library tells; an empty function for NULL.
template <class View, class Told>
std::function<void(const Told&)> told_as(void (*callback)(void*, const View*), void* user) {
  if (callback == nullptr) return {};
  return [callback, user](const Told& told) {
    const View view(told);
    callback(user, &view);
  };
}

}  // namespace
}  // namespace leaselock::c

using leaselock::Duration;
using leaselock::LockOptions;
namespace c = leaselock::c;

int leaselock_options_new(leaselock_options_t** options) {
  return c::make_handle(__func__, options, [] { return std::make_unique<leaselock_options_t>(); });
}
void leaselock_options_free(leaselock_options_t** options) { c::free_handle(options); }

int leaselock_options_set_mode(leaselock_options_t* options, int mode) {
  return c::set(__func__, options, [&](LockOptions& o) { o.mode = c::enumerator<leaselock::Mode>(mode, 2); });
}
int leaselock_options_set_lifetime(leaselock_options_t* options, int64_t lifetime) {
  return c::set(__func__, options, [&](LockOptions& o) { o.lifetime = Duration(lifetime); });
}
int leaselock_options_set_timeout(leaselock_options_t* options, int64_t timeout) {
  return c::set(__func__, options,
                [&](LockOptions& o) { o.timeout = timeout < 0 ? std::nullopt : std::optional<Duration>(timeout); });
}
int leaselock_options_set_mirror(leaselock_options_t* options, int mirror) {
  return c::set(__func__, options, [&](LockOptions& o) { o.mirror = mirror != 0; });
}
int leaselock_options_set_separator(leaselock_options_t* options, const char* separator) {
  return c::set(__func__, options, [&](LockOptions& o) { o.separator = c::text_of(separator); });
}
int leaselock_options_set_fast_path(leaselock_options_t* options, int fast_path) {
  return c::set(__func__, options,
                [&](LockOptions& o) { o.fast_path = c::enumerator<leaselock::FastPath>(fast_path, 3); });
}
int leaselock_options_set_fair(leaselock_options_t* options, int fair) {
  return c::set(__func__, options, [&](LockOptions& o) { o.fair = fair != 0; });
}
int leaselock_options_set_break_dead(leaselock_options_t* options, int break_dead) {
  return c::set(__func__, options, [&](LockOptions& o) { o.break_dead = break_dead != 0; });
}
int leaselock_options_set_trust(leaselock_options_t* options, int trust) {
  return c::set(__func__, options, [&](LockOptions& o) { o.trust = c::enumerator<leaselock::Trust>(trust, 2); });
}
int leaselock_options_set_permissions(leaselock_options_t* options, int64_t permissions) {
  return c::set(__func__, options, [&](LockOptions& o) {
    o.permissions.reset();
    if (permissions == LEASELOCK_NONE) return;
    c::require(permissions >= 0 && permissions <= 07777, "these are no permission bits");
    o.permissions = static_cast<std::uint32_t>(permissions);
  });
}
int leaselock_options_set_trust_server_clock(leaselock_options_t* options, int trust_server_clock) {
  return c::set(__func__, options, [&](LockOptions& o) { o.trust_server_clock = trust_server_clock != 0; });
}
int leaselock_options_set_drift_ppm(leaselock_options_t* options, int64_t drift_ppm) {
  return c::set(__func__, options, [&](LockOptions& o) { o.drift_ppm = drift_ppm; });
}
int leaselock_options_set_stamp_error(leaselock_options_t* options, int64_t stamp_error) {
  return c::set(__func__, options, [&](LockOptions& o) { o.stamp_error = Duration(stamp_error); });
}
int leaselock_options_set_grace(leaselock_options_t* options, int64_t grace) {
  return c::set(__func__, options, [&](LockOptions& o) { o.grace = Duration(grace); });
}
int leaselock_options_set_retry_errnos(leaselock_options_t* options, const int* errnos, size_t count) {
  return c::set(__func__, options, [&](LockOptions& o) {
    c::require(errnos != nullptr || count == 0, "the array is NULL");
    o.retry_errnos = count == 0 ? std::vector<int>() : std::vector<int>(errnos, errnos + count);
  });
}
int leaselock_options_set_stop(leaselock_options_t* options, const leaselock_stop_t* stop) {
  return c::set(__func__, options, [&](LockOptions& o) {
    o.stop = stop == nullptr ? std::stop_token() : c::checked(stop).source.get_token();
  });
}
int leaselock_options_set_counters(leaselock_options_t* options, const leaselock_counters_t* counters) {
  return c::set(__func__, options,
                [&](LockOptions& o) { o.counters = counters == nullptr ? nullptr : c::checked(counters).shared; });
}

int leaselock_options_set_on_wait(leaselock_options_t* options, leaselock_wait_callback callback, void* user) {
  return c::set(__func__, options, [&](LockOptions& o) {
    o.on_wait = c::told_as<leaselock_waiting_t, leaselock::Waiting>(callback, user);
  });
}
int leaselock_options_set_on_event(leaselock_options_t* options, leaselock_event_callback callback, void* user) {
  return c::set(__func__, options,
                [&](LockOptions& o) { o.on_event = c::told_as<leaselock_event_t, leaselock::Event>(callback, user); });
}
int leaselock_options_set_on_trace(leaselock_options_t* options, leaselock_trace_callback callback, void* user) {
  return c::set(__func__, options, [&](LockOptions& o) {
    o.on_trace = {};
    if (callback == nullptr) return;
    o.on_trace = [callback, user](const std::string& line) { callback(user, line.c_str()); };
  });
}
