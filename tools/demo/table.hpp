#pragma once

#include <string>

#include "story.hpp"

namespace demo {

/// Workers as rows: holds, waits, longest wait, breaks, tokens; below it what was counted over all.
std::string table(const Story& story);

}  // namespace demo
