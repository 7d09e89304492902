#include "lease_report.hpp"

#include "holder.hpp"
#include "names.hpp"

namespace leaselock::c {

static_assert(static_cast<int>(LeaseState::held) == LEASELOCK_LEASE_HELD);
static_assert(static_cast<int>(LeaseState::doubtful) == LEASELOCK_LEASE_DOUBTFUL);
static_assert(static_cast<int>(LeaseState::lost) == LEASELOCK_LEASE_LOST);
int number_of(LeaseState state) noexcept { return static_cast<int>(state); }

}  // namespace leaselock::c

namespace c = leaselock::c;

const char* leaselock_lease_state_name(int state) { return c::word_for<leaselock::LeaseState, 3>(state); }

int leaselock_lease_report_state(const leaselock_lease_report_t* report) {
  return c::if_valid(report) != nullptr ? c::number_of(report->value.state) : LEASELOCK_LEASE_LOST;
}
int64_t leaselock_lease_report_remaining(const leaselock_lease_report_t* report) {
  return c::if_valid(report) != nullptr ? report->value.remaining.count() : 0;
}
int leaselock_lease_report_error(const leaselock_lease_report_t* report) {
  return c::if_valid(report) != nullptr ? c::code_of(report->value.error) : LEASELOCK_OK;
}
int64_t leaselock_lease_report_unanswered(const leaselock_lease_report_t* report) {
  return c::if_valid(report) != nullptr ? c::count_or_none(report->value.unanswered) : LEASELOCK_NONE;
}
void leaselock_lease_report_free(leaselock_lease_report_t** report) { c::free_handle(report); }
