#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace demo {

/// What a worker does, in the order in which it does it. `killed` is written by the demo itself.
enum class Did { wait, hold, done, lost, killed };

/// One line of the record, which every worker appends to by itself: what counts is what they wrote, not what the
/// demo believes. Times are CLOCK_MONOTONIC, one clock for all processes of a machine.
struct Event {
  std::int64_t at_ns = 0;
  Did did = Did::wait;
  std::string worker;
  std::int64_t pid = 0;
  std::uint64_t token = 0;  ///< 0: none, as with flufl.lock
  std::string note = "-";   ///< hold: how the hold before it ended
};

std::int64_t monotonic_ns();

/// Appends one line in a single write(2) with O_APPEND, so that lines of several processes do not mix.
/// Throws std::system_error.
void append_event(const std::string& file, const Event& event);

/// All complete lines so far; a file that is not there yet has none.
std::vector<Event> read_events(const std::string& file);

}  // namespace demo
