#include "live.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string_view>
#include <vector>

namespace demo {
namespace {

constexpr std::size_t name_width = 10;
constexpr const char* grey = "\x1b[2m";
constexpr const char* blue = "\x1b[36m";
constexpr const char* amber = "\x1b[33m";
constexpr const char* red = "\x1b[1;31m";
constexpr const char* plain = "\x1b[0m";

bool speaks_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return std::string_view(value).find("UTF-8") != std::string_view::npos;
  }
  return false;
}

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 40) return 80;
  return std::min<std::size_t>(size.ws_col, 160);
}

std::string seconds(const Story& story) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%5.1f s", static_cast<double>(story.end_ns - story.start_ns) / 1e9);
  return text.data();
}

}  // namespace

Live::Live(std::int64_t length_ns)
    : length_ns_(length_ns), terminal_(::isatty(STDOUT_FILENO) == 1), unicode_(speaks_utf8()) {}

void Live::show(const Story& story) {
  if (terminal_) {
    draw(story);
    return;
  }
  const std::int64_t second = (story.end_ns - story.start_ns) / 1'000'000'000;
  if (second < last_line_s_ + 10) return;
  last_line_s_ = second;
  std::cout << seconds(story) << "  " << story.holds.size() << " holds, " << count_overlaps(story.holds) << " overlaps"
            << std::endl;
}

void Live::tell(const Story& story, const std::string& what) {
  if (drawn_lines_ > 0) std::cout << "\x1b[" << drawn_lines_ << "A\x1b[J";
  drawn_lines_ = 0;
  std::cout << seconds(story) << "  " << what << std::endl;
  if (terminal_) draw(story);
}

std::string Live::row(const Story& story, const std::string& worker, std::size_t cells) const {
  const auto cell_of = [&](std::int64_t at) {
    const auto cell = (at - story.start_ns) * static_cast<std::int64_t>(cells) / length_ns_;
    return static_cast<std::size_t>(std::clamp<std::int64_t>(cell, 0, static_cast<std::int64_t>(cells) - 1));
  };
  std::vector<char> marks(cells, ' ');
  const auto paint = [&](const Span& span, char mark) {
    if (span.worker != worker) return;
    for (std::size_t cell = cell_of(span.start_ns); cell <= cell_of(span.end_ns); ++cell) marks[cell] = mark;
  };
  for (const Span& wait : story.waits) paint(wait, '.');
  for (const Hold& hold : story.holds) {
    paint(hold, hold.token == 0 ? 'p' : '#');
    if (hold.worker == worker && hold.killed) marks[cell_of(hold.end_ns)] = 'X';
  }

  std::string text = worker + std::string(name_width - std::min(name_width, worker.size()), ' ');
  for (const char mark : marks) {
    if (mark == ' ') text += ' ';
    if (mark == '.') text += std::string(grey) + (unicode_ ? "·" : ".") + plain;
    if (mark == '#') text += std::string(blue) + (unicode_ ? "█" : "#") + plain;
    if (mark == 'p') text += std::string(amber) + (unicode_ ? "█" : "#") + plain;
    if (mark == 'X') text += std::string(red) + (unicode_ ? "✖" : "X") + plain;
  }
  return text;
}

void Live::draw(const Story& story) {
  const std::size_t cells = terminal_width() - name_width - 1;
  std::string frame;
  if (drawn_lines_ > 0) frame += "\x1b[" + std::to_string(drawn_lines_) + "A";
  for (const std::string& worker : story.workers) frame += row(story, worker, cells) + "\x1b[K\n";
  frame += seconds(story) + "  " + std::to_string(story.holds.size()) + " holds, " +
           std::to_string(count_overlaps(story.holds)) + " overlaps\x1b[K\n";
  drawn_lines_ = story.workers.size() + 1;
  std::cout << frame << std::flush;
}

}  // namespace demo
