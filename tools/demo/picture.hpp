#pragma once

#include <string>

#include "story.hpp"

namespace demo {

/// The timeline as SVG, readable on light and on dark pages.
std::string picture(const Story& story);

}  // namespace demo
