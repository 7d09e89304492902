#pragma once

#include <string>

namespace leaselock::tool::verify {

/// One line on standard error that is kept up to date and goes away at the end; only on a terminal.
class ProgressLine {
 public:
  explicit ProgressLine(bool wanted);
  ~ProgressLine() { clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const std::string& text);
  void clear();

 private:
  bool live_;
  bool drawn_ = false;
};

}  // namespace leaselock::tool::verify
