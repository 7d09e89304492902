#include "verify/progress_line.hpp"

#include <unistd.h>

#include <cstdio>

#include "terminal.hpp"
#include "text.hpp"

namespace leaselock::tool::verify {

namespace {

/// Back to the first column, and erase to the end of the line (ECMA-48 8.3.41).
constexpr const char* erase_line = "\r\x1b[K";

void put(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

}  // namespace

ProgressLine::ProgressLine(bool wanted) : live_(wanted && is_live_terminal(STDERR_FILENO)) {}

void ProgressLine::show(const std::string& text) {
  if (!live_) return;
  // The last column stays free: some terminals wrap as soon as it is written.
  put(erase_line + first_characters(printable(text), terminal_width(STDERR_FILENO) - 1));
  drawn_ = true;
}

void ProgressLine::clear() {
  if (drawn_) put(erase_line);
  drawn_ = false;
}

}  // namespace leaselock::tool::verify
