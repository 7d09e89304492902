#include "counters.hpp"

#include <array>
#include <cstring>

namespace leaselock::c {
namespace {

/// In the order of the C interface's numbers.
constexpr std::array<std::uint64_t CounterValues::*, 15> counters = {
    &CounterValues::acquisitions,   &CounterValues::waits,       &CounterValues::timeouts,
    &CounterValues::cancellations,  &CounterValues::failures,    &CounterValues::breaks_expired,
    &CounterValues::breaks_died,    &CounterValues::refreshes,   &CounterValues::refresh_failures,
    &CounterValues::mirror_losses,  &CounterValues::losses,      &CounterValues::releases,
    &CounterValues::release_errors, &CounterValues::files_swept, &CounterValues::requests,
};
static_assert(counters[LEASELOCK_COUNT_REFRESHES] == &CounterValues::refreshes);
static_assert(counters[LEASELOCK_COUNT_REQUESTS] == &CounterValues::requests);

char* copy_of(const std::string& text) {
  char* copy = new char[text.size() + 1];
  std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

}  // namespace
}  // namespace leaselock::c

int leaselock_counters_new(leaselock_counters_t** counters) {
  return leaselock::c::make_handle(__func__, counters, [] { return std::make_unique<leaselock_counters_t>(); });
}
void leaselock_counters_free(leaselock_counters_t** counters) { leaselock::c::free_handle(counters); }

uint64_t leaselock_counters_value(const leaselock_counters_t* counters, int which) {
  const bool known = which >= 0 && static_cast<std::size_t>(which) < leaselock::c::counters.size();
  if (leaselock::c::if_valid(counters) == nullptr || !known) return 0;
  return counters->shared->values().*leaselock::c::counters[static_cast<std::size_t>(which)];
}

int leaselock_counters_prometheus(const leaselock_counters_t* counters, const char* label, const char* value,
                                  char** text) {
  if (text != nullptr) *text = nullptr;
  return leaselock::c::guarded(__func__, [&] {
    leaselock::CounterSeries series;
    if (label != nullptr) series.labels.emplace_back(label, leaselock::c::text_of(value));
    series.values = leaselock::c::checked(counters).shared->values();
    char*& result = leaselock::c::place(text);
    result = leaselock::c::copy_of(leaselock::to_prometheus({std::move(series)}));
  });
}
void leaselock_text_free(char** text) {
  if (text == nullptr) return;
  delete[] * text;
  *text = nullptr;
}
