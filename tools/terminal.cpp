#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace leaselock::tool {

bool is_live_terminal(int descriptor) {
  const char* kind = std::getenv("TERM");
  return isatty(descriptor) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
}

std::size_t terminal_width(int descriptor) {
  winsize size{};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

Palette::Palette(int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  colours_ = is_live_terminal(descriptor) && (no_colour == nullptr || *no_colour == '\0');
}

std::string Palette::paint(Colour colour, std::string_view text) const {
  if (!colours_) return std::string(text);
  const std::string_view code = colour == Colour::red ? "31" : colour == Colour::green ? "32" : "33";
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace leaselock::tool
