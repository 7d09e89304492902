#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "records.hpp"

namespace demo {

struct Span {
  std::string worker;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
};

struct Hold : Span {
  std::int64_t pid = 0;
  std::uint64_t token = 0;
  bool killed = false;     ///< its process was killed while it held
  bool lost = false;       ///< its lease did not last
  bool took_over = false;  ///< the hold before it was not released: its lease was broken
  bool running = false;    ///< not over yet when the story was told
};

/// What the records say happened.
struct Story {
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  std::vector<std::string> workers;  ///< in order of name
  std::vector<Hold> holds;           ///< in order of start
  std::vector<Span> waits;
};

/// Reads the story out of the records. `now_ns` ends what has not ended.
Story tell(const std::vector<Event>& events, std::int64_t now_ns);

/// Pairs of holds that were under way at the same moment. A killed worker's hold ends with its process.
std::size_t count_overlaps(const std::vector<Hold>& holds);

/// Every token larger than the one before it, in the order in which the holds began.
bool tokens_increase(const std::vector<Hold>& holds);

}  // namespace demo
