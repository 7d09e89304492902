#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "terminal.hpp"
#include "top/model.hpp"

/// From a model to lines of text.
namespace leaselock::tool::top {

/// Everything but the locks that a screen shows.
struct Frame {
  std::string title;  ///< the directories
  WallTime now;
  std::vector<std::string> notices;  ///< what is wrong with looking
  std::string footer;                ///< the keys
  std::size_t first = 0;             ///< how many rows are scrolled out at the top
};

/// One snapshot, as long as it is; nothing is wider than `width`.
std::vector<std::string> whole(const Frame& frame, const Model& model, std::size_t width, const Palette& palette);

/// As many lines as a terminal has, or fewer; the rows from frame.first, which is made smaller where that is behind the
/// last screenful.
std::vector<std::string> screenful(Frame& frame, const Model& model, std::size_t width, std::size_t height,
                                   const Palette& palette);

}  // namespace leaselock::tool::top
