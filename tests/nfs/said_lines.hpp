#pragma once

#include <initializer_list>
#include <sstream>
#include <string>

#include "record/record.hpp"

/// Lines as workers say them, for the tests of the judge.
namespace leaselock::nfs {

inline constexpr double ticks_per_us = 10;

// Lines of one host a; those that begin with "b:" are of host b.
inline Report report_of(std::initializer_list<std::string> lines) {
  Record record(ticks_per_us);
  for (const std::string& line : lines) {
    const bool other = line.starts_with("b:");
    record.add_line(other ? "b" : "a", other ? line.substr(2) : line);
  }
  return record.report();
}

inline std::string ready(const std::string& name) { return "ready " + name + " mode=fenced pid=7 tsc=100 ."; }
inline std::string held(const std::string& name, int sequence, int token, int tsc) {
  std::ostringstream line;
  line << "held " << name << ' ' << sequence << " token=" << token << " tsc=" << tsc;
  line << " waited_us=5 pred=none left_us=1000 .";
  return line.str();
}
// The same hold of a part of it: "slots=0:17,1:18 of=2", "shared=1".
inline std::string held_in_part(const std::string& name, int sequence, int token, int tsc, const std::string& part) {
  const std::string line = held(name, sequence, token, tsc);
  return line.substr(0, line.size() - 1) + part + " .";
}
inline std::string still(const std::string& name, int sequence, int tsc) {
  return "still " + name + ' ' + std::to_string(sequence) + " tsc=" + std::to_string(tsc) + " .";
}
inline std::string ended(const std::string& name, int sequence, int last, const std::string& how = "released",
                         const std::string& error = "none") {
  std::ostringstream line;
  line << "end " << name << ' ' << sequence << " how=" << how << " last=" << last << " tsc=" << last + 50;
  line << " error=" << error << " .";
  return line.str();
}

}  // namespace leaselock::nfs
