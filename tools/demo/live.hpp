#pragma once

#include <cstdint>
#include <string>

#include "story.hpp"

namespace demo {

/// Shows the story while it happens: a timeline that is drawn again and again on a terminal, a line every ten seconds
/// anywhere else.
class Live {
 public:
  explicit Live(std::int64_t length_ns);
  void show(const Story& story);
  /// Something worth a line of its own, in both kinds of output.
  void tell(const Story& story, const std::string& what);

 private:
  void draw(const Story& story);
  std::string row(const Story& story, const std::string& worker, std::size_t cells) const;

  std::int64_t length_ns_;
  bool terminal_;
  bool unicode_;
  std::size_t drawn_lines_ = 0;
  std::int64_t last_line_s_ = 0;
};

}  // namespace demo
