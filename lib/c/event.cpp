#include "event.hpp"

#include <array>

#include "failure.hpp"
#include "names.hpp"

namespace leaselock::c {
namespace {

/// In the order of the C interface's numbers, where new kinds come last.
constexpr std::array<EventKind, 13> kinds = {
    EventKind::waiting,   EventKind::broke,          EventKind::acquired,    EventKind::gave_up, EventKind::failed,
    EventKind::refreshed, EventKind::refresh_failed, EventKind::mirror_lost, EventKind::lost,    EventKind::released,
    EventKind::swept,     EventKind::upgraded,       EventKind::downgraded,
};
static_assert(kinds[LEASELOCK_EVENT_WAITING] == EventKind::waiting);
static_assert(kinds[LEASELOCK_EVENT_BROKE] == EventKind::broke);
static_assert(kinds[LEASELOCK_EVENT_ACQUIRED] == EventKind::acquired);
static_assert(kinds[LEASELOCK_EVENT_GAVE_UP] == EventKind::gave_up);
static_assert(kinds[LEASELOCK_EVENT_FAILED] == EventKind::failed);
static_assert(kinds[LEASELOCK_EVENT_REFRESHED] == EventKind::refreshed);
static_assert(kinds[LEASELOCK_EVENT_REFRESH_FAILED] == EventKind::refresh_failed);
static_assert(kinds[LEASELOCK_EVENT_MIRROR_LOST] == EventKind::mirror_lost);
static_assert(kinds[LEASELOCK_EVENT_LOST] == EventKind::lost);
static_assert(kinds[LEASELOCK_EVENT_RELEASED] == EventKind::released);
static_assert(kinds[LEASELOCK_EVENT_SWEPT] == EventKind::swept);
static_assert(kinds[LEASELOCK_EVENT_UPGRADED] == EventKind::upgraded);
static_assert(kinds[LEASELOCK_EVENT_DOWNGRADED] == EventKind::downgraded);

int number_of_event(EventKind kind) noexcept {
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (kinds[i] == kind) return static_cast<int>(i);
  }
  return LEASELOCK_EVENT_SWEPT;
}

}  // namespace
}  // namespace leaselock::c

int64_t leaselock_waiting_waited(const leaselock_waiting_t* waiting) {
  return waiting != nullptr ? waiting->value.waited.count() : 0;
}
int64_t leaselock_waiting_remaining(const leaselock_waiting_t* waiting) {
  return waiting != nullptr ? leaselock::c::count_or_none(waiting->value.remaining) : LEASELOCK_NONE;
}
const leaselock_holder_t* leaselock_waiting_holder(const leaselock_waiting_t* waiting) {
  return waiting != nullptr ? waiting->holder.get() : nullptr;
}

const char* leaselock_event_name(int kind) {
  const bool known = kind >= 0 && static_cast<std::size_t>(kind) < leaselock::c::kinds.size();
  constexpr int count = static_cast<int>(leaselock::c::kinds.size());
  if (!known) return "unknown";
  const auto cpp = leaselock::c::kinds[static_cast<std::size_t>(kind)];
  return leaselock::c::word_for<leaselock::EventKind, count>(static_cast<int>(cpp));
}
int leaselock_event_kind(const leaselock_event_t* event) {
  return event != nullptr ? leaselock::c::number_of_event(event->value.kind) : LEASELOCK_EVENT_SWEPT;
}
int64_t leaselock_event_time(const leaselock_event_t* event) {
  return event != nullptr ? leaselock::c::since_epoch(event->value.time) : 0;
}
const char* leaselock_event_path(const leaselock_event_t* event) {
  return event != nullptr ? event->value.lockfile.c_str() : "";
}
uint64_t leaselock_event_token(const leaselock_event_t* event) {
  return event != nullptr ? event->value.token.value_or(0) : 0;
}
int64_t leaselock_event_waited(const leaselock_event_t* event) {
  return event != nullptr ? leaselock::c::count_or_none(event->value.waited) : LEASELOCK_NONE;
}
int64_t leaselock_event_held(const leaselock_event_t* event) {
  return event != nullptr ? leaselock::c::count_or_none(event->value.held) : LEASELOCK_NONE;
}
int64_t leaselock_event_remaining(const leaselock_event_t* event) {
  return event != nullptr ? leaselock::c::count_or_none(event->value.remaining) : LEASELOCK_NONE;
}
int leaselock_event_predecessor(const leaselock_event_t* event) {
  if (event == nullptr) return LEASELOCK_PREDECESSOR_NONE;
  return leaselock::c::number_of(event->value.predecessor.value_or(leaselock::PredecessorEnd::none));
}
const leaselock_holder_t* leaselock_event_holder(const leaselock_event_t* event) {
  return event != nullptr ? event->holder.get() : nullptr;
}
int leaselock_event_error(const leaselock_event_t* event) {
  return event != nullptr ? leaselock::c::code_of(event->value.error) : LEASELOCK_OK;
}
size_t leaselock_event_files(const leaselock_event_t* event) { return event != nullptr ? event->value.files : 0; }
const char* leaselock_event_text(const leaselock_event_t* event) {
  if (event == nullptr) return "";
  try {
    event->text = to_string(event->value);
    return event->text.c_str();
  } catch (...) {
    return "";
  }
}
