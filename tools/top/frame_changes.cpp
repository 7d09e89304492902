#include "top/frame_changes.hpp"

#include <cstddef>

namespace leaselock::tool::top {

namespace {

// ECMA-48: cursor position (8.3.21), erase to the end of the line (8.3.41), erase to the end of the page (8.3.39).
std::string to_line(std::size_t index) { return "\x1b[" + std::to_string(index + 1) + ";1H"; }
constexpr const char* erase_rest_of_line = "\x1b[K";
constexpr const char* erase_rest_of_page = "\x1b[J";

}  // namespace

std::string changes(const std::vector<std::string>& shown, const std::vector<std::string>& wanted) {
  std::string text;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (i < shown.size() && shown[i] == wanted[i]) continue;
    // Erased first: in the last column an erasure would take the last character away.
    text += to_line(i) + erase_rest_of_line + wanted[i];
  }
  if (shown.size() > wanted.size()) text += to_line(wanted.size()) + erase_rest_of_page;
  return text;
}

}  // namespace leaselock::tool::top
