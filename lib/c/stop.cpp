#include "stop.hpp"

int leaselock_stop_new(leaselock_stop_t** stop) {
  return leaselock::c::make_handle(__func__, stop, [] { return std::make_unique<leaselock_stop_t>(); });
}
void leaselock_stop_free(leaselock_stop_t** stop) { leaselock::c::free_handle(stop); }

int leaselock_stop_request(leaselock_stop_t* stop) {
  return leaselock::c::guarded(__func__, [&] { leaselock::c::checked(stop).source.request_stop(); });
}
int leaselock_stop_requested(const leaselock_stop_t* stop) {
  return leaselock::c::if_valid(stop) != nullptr && stop->source.stop_requested() ? 1 : 0;
}
