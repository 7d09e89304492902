#include "top/layout.hpp"

#include <algorithm>

#include "leaselock/format_time.hpp"
#include "text.hpp"

namespace leaselock::tool::top {

namespace {

std::string counted(std::size_t number, const std::string& one, const std::string& many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

/// "2026-11-21 08:15:30  /mnt/shared: 3 locks, 2 held, 1 waits, 1 needs attention".
std::string summary(const Frame& frame, const Model& model, std::size_t width, const Palette& palette) {
  constexpr std::size_t to_seconds = 19;
  std::string text = format_time(frame.now).substr(0, to_seconds) + "  " + printable(frame.title) + ": " +
                     counted(model.locks, "lock", "locks") + ", " + counted(model.holders, "holder", "holders") + ", " +
                     counted(model.waiters, "waiter", "waiters");
  text = first_characters(text, width);
  if (model.need_attention == 0) return text;
  const std::string attention = counted(model.need_attention, "needs attention", "need attention");
  const std::string rest = first_characters(", " + attention, width - columns_of(text));
  return rest.empty() ? text : text + palette.paint(Colour::red, rest);
}

std::vector<std::string> head(const Frame& frame, const Model& model, std::size_t width, const Palette& palette) {
  std::vector<std::string> lines{summary(frame, model, width, palette)};
  for (const auto* list : {&frame.notices, &model.troubles}) {
    for (const std::string& text : *list) {
      lines.push_back(palette.paint(Colour::red, first_characters(printable(text), width)));
    }
  }
  return lines;
}

/// The titles, then the rows.
std::vector<std::string> table(const Model& model, std::size_t width, const Palette& palette) {
  if (model.rows.empty()) return {};
  Table table({{"lock", false, true},
               {"slot", true},
               {"host", false, true},
               {"pid", true},
               {"lease", true},
               {"for", true},
               {"state", false, false, true}});
  for (const Row& row : model.rows) {
    const std::string time = row.time ? format_duration(*row.time) : "";
    table.add({{row.lock, {}}, {row.slot, {}}, {row.host, {}}, {row.pid, {}}, row.lease, {time, {}}, row.state});
  }
  return table.lines(width, palette);
}

std::string footer(const Frame& frame, std::size_t shown, std::size_t rows, std::size_t width, const Palette& palette) {
  std::string text;
  if (shown < rows) {
    text = "lines " + std::to_string(frame.first + 1) + "-" + std::to_string(frame.first + shown) + " of " +
           std::to_string(rows) + "  ";
  }
  text += frame.footer;
  return palette.paint(Colour::grey, first_characters(text, width));
}

}  // namespace

std::vector<std::string> whole(const Frame& frame, const Model& model, std::size_t width, const Palette& palette) {
  std::vector<std::string> lines = head(frame, model, width, palette);
  for (std::string& line : table(model, width, palette)) lines.push_back(std::move(line));
  return lines;
}

std::vector<std::string> screenful(Frame& frame, const Model& model, std::size_t width, std::size_t height,
                                   const Palette& palette) {
  std::vector<std::string> lines = head(frame, model, width, palette);
  const std::vector<std::string> rows = table(model, width, palette);
  // The titles and the footer take one line each.
  const std::size_t room = height - std::min(height, lines.size() + 2);
  const std::size_t all = rows.empty() ? 0 : rows.size() - 1;
  const std::size_t shown = std::min(room, all);
  frame.first = std::min(frame.first, all - shown);
  if (!rows.empty()) lines.push_back(rows.front());
  for (std::size_t i = 0; i < shown; ++i) lines.push_back(rows[1 + frame.first + i]);
  lines.resize(std::min(lines.size(), height - std::min<std::size_t>(height, 1)));
  if (height > 0) lines.push_back(footer(frame, shown, all, width, palette));
  return lines;
}

}  // namespace leaselock::tool::top
