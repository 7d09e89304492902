#include "keep_alive_options.hpp"

#include "lease_report.hpp"

namespace c = leaselock::c;

int leaselock_keep_alive_options_new(leaselock_keep_alive_options_t** options) {
  return c::make_handle(__func__, options, [] { return std::make_unique<leaselock_keep_alive_options_t>(); });
}
void leaselock_keep_alive_options_free(leaselock_keep_alive_options_t** options) { c::free_handle(options); }

int leaselock_keep_alive_options_set_margin(leaselock_keep_alive_options_t* options, int64_t margin) {
  return c::guarded(__func__, [&] { c::checked(options).value.margin = leaselock::Duration(margin); });
}
int leaselock_keep_alive_options_set_patience(leaselock_keep_alive_options_t* options, int64_t patience) {
  return c::guarded(__func__, [&] { c::checked(options).value.patience = leaselock::Duration(patience); });
}
int leaselock_keep_alive_options_set_stop_at(leaselock_keep_alive_options_t* options, int state) {
  return c::guarded(__func__, [&] {
    leaselock::KeepAliveOptions& value = c::checked(options).value;
    c::require(state == LEASELOCK_LEASE_DOUBTFUL || state == LEASELOCK_LEASE_LOST, "there is no such value");
    value.stop_at = static_cast<leaselock::LeaseState>(state);
  });
}
int leaselock_keep_alive_options_set_on_change(leaselock_keep_alive_options_t* options,
                                               leaselock_lease_callback callback, void* user) {
  return c::guarded(__func__, [&] {
    leaselock::KeepAliveOptions& value = c::checked(options).value;
    value.on_change = {};
    if (callback == nullptr) return;
    value.on_change = [callback, user](const leaselock::LeaseReport& report) {
      const leaselock_lease_report_t view(report);
      callback(user, &view);
    };
  });
}
