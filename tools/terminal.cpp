#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace leaselock::tool {

namespace {

/// Select graphic rendition (ECMA-48 8.3.117).
std::string_view code_of(Colour colour) {
  switch (colour) {
    case Colour::red:
      return "31";
    case Colour::green:
      return "32";
    case Colour::yellow:
      return "33";
    case Colour::grey:
      return "2";
  }
  return "0";
}

}  // namespace

bool is_live_terminal(int descriptor) {
  const char* kind = std::getenv("TERM");
  return isatty(descriptor) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

std::size_t terminal_width(int descriptor) {
  winsize size{};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::size_t terminal_height(int descriptor) {
  winsize size{};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : 24;
}

Palette::Palette(int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  colours_ = is_live_terminal(descriptor) && (no_colour == nullptr || *no_colour == '\0');
}

std::string Palette::paint(Colour colour, std::string_view text) const {
  if (!colours_) return std::string(text);
  return "\x1b[" + std::string(code_of(colour)) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace leaselock::tool
