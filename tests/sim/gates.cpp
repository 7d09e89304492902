#include "gates.hpp"

#include <algorithm>

namespace leaselock::sim {

bool Gates::enter(std::size_t host, const std::string& file, std::size_t who) {
  Line* line = line_of(who);
  if (line == nullptr) {
    const auto named = std::ranges::find_if(
        lines_, [&](const Line& each) { return each.has_name && each.host == host && each.file == file; });
    line = named != lines_.end() ? &*named : &lines_.emplace_back(Line{host, file, true, false, {}});
    line->people.push_back(who);
  }
  return line->people.front() == who && !line->shut;
}

std::optional<std::size_t> Gates::leave(std::size_t who) {
  Line* line = line_of(who);
  if (line == nullptr) return std::nullopt;
  const bool was_first = line->people.front() == who;
  std::erase(line->people, who);
  if (!was_first || line->shut || line->people.empty()) return std::nullopt;
  return line->people.front();
}

void Gates::leave_shut(std::size_t who) {
  Line* line = line_of(who);
  if (line == nullptr) return;
  if (line->people.front() == who) line->shut = true;
  std::erase(line->people, who);
}

bool Gates::is_in_line(std::size_t who) const { return const_cast<Gates*>(this)->line_of(who) != nullptr; }

void Gates::delete_files() {
  for (Line& line : lines_) line.has_name = false;
}

Gates::Line* Gates::line_of(std::size_t who) {
  const auto found = std::ranges::find_if(
      lines_, [&](const Line& line) { return std::ranges::find(line.people, who) != line.people.end(); });
  return found == lines_.end() ? nullptr : &*found;
}

}  // namespace leaselock::sim
