#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace leaselock::nfs {

/// One line as a worker says it: EVENT NAME [SEQUENCE] key=value ... and a full stop (worker/line.hpp writes them).
struct Line {
  enum class Kind {
    event,      ///< all that belongs to the event is there
    torn,       ///< an event without its full stop: the writer or its host died in the middle
    malformed,  ///< an event with something missing, wrong or too much
    other,      ///< not an event: an error message, for example
  };
  Kind kind = Kind::other;
  std::string_view event;
  std::string_view name;
  std::uint64_t sequence = 0;
  std::map<std::string_view, std::string_view> values;

  std::uint64_t number(std::string_view key) const;
  std::string text(std::string_view key) const { return std::string(values.at(key)); }
};

/// Nothing if it is not a number from its first to its last character.
std::optional<std::uint64_t> number_in(std::string_view text);

/// The parts refer to `text`, which must outlive the line.
Line parse_line(std::string_view text);

}  // namespace leaselock::nfs
