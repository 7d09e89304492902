#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What the stream behind a file descriptor can show.
namespace leaselock::tool {

/// A terminal that understands cursor movement; TERM=dumb counts as a pipe.
bool is_live_terminal(int descriptor);

/// Columns; 80 where the terminal does not say.
std::size_t terminal_width(int descriptor);

/// Lines; 24 where the terminal does not say.
std::size_t terminal_height(int descriptor);

enum class Colour { red, green, yellow, grey };

/// Colours words where that helps: on a terminal, unless NO_COLOR is set (no-color.org).
class Palette {
 public:
  explicit Palette(int descriptor);
  std::string paint(Colour colour, std::string_view text) const;

 private:
  bool colours_;
};

}  // namespace leaselock::tool
