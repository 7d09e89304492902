#pragma once

#include <string>
#include <string_view>
#include <system_error>

#include "record/cycles.hpp"

namespace leaselock::nfs {

/// One line of the record: an event, who, and named values. A full stop ends it, so that a line that was cut off in the
/// middle of a number is not taken for a whole one (record/line.hpp reads them).
class EventLine {
 public:
  EventLine(std::string_view event, std::string_view name) : text_(std::string(event) + ' ' + std::string(name)) {}

  EventLine& number(std::uint64_t value) {
    text_ += ' ' + std::to_string(value);
    return *this;
  }
  EventLine& with(std::string_view key, std::string_view value) {
    text_ += ' ' + std::string(key) + '=' + std::string(value);
    return *this;
  }
  EventLine& with(std::string_view key, std::uint64_t value) { return with(key, std::to_string(value)); }

  /// Writes it to standard output in one write(2). A reader that is gone ends the program: nobody judges it any more.
  void say();

 private:
  std::string text_;
};

/// An error in one word: "lease_lost", "EIO", and "none" for no error.
std::string word_for(const std::error_code& error);

}  // namespace leaselock::nfs
