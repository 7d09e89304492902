#include "table.hpp"

#include <algorithm>
#include <utility>

#include "text.hpp"

namespace leaselock::tool {

namespace {

constexpr std::size_t gap = 2;
/// No column gives way further than this.
constexpr std::size_t narrowest = 8;
/// Of a text that may be cut.
constexpr std::size_t enough = 16;
/// Stands for the beginning of a name that was left out.
constexpr std::string_view left_out = "~";

std::size_t total(const std::vector<std::size_t>& widths) {
  std::size_t sum = 0;
  for (const std::size_t width : widths) sum += width == 0 ? 0 : width + gap;
  return sum - std::min(sum, gap);
}

std::string shortened(const std::string& text, std::size_t width) {
  if (columns_of(text) <= width) return text;
  return std::string(left_out) + last_characters(text, width - left_out.size());
}

}  // namespace

void Table::add(std::vector<Cell> row) {
  for (Cell& cell : row) cell.text = printable(cell.text);
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::widths(std::size_t width) const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i].text));
  }
  for (std::size_t i = 0; i < widths.size(); ++i) {
    if (columns_[i].may_be_cut) widths[i] = std::min(widths[i], enough);
    if (widths[i] > 0) widths[i] = std::max(widths[i], columns_of(columns_[i].title));
  }
  while (total(widths) > width) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (columns_[i].gives_way && widths[i] > (widest == nullptr ? narrowest : *widest)) widest = &widths[i];
    }
    if (widest == nullptr) break;
    --*widest;
  }
  return widths;
}

std::string Table::line(const std::vector<Cell>& row, const std::vector<std::size_t>& widths, std::size_t width,
                        const Palette& palette) const {
  std::string line;
  std::size_t start = 0;    // of this column
  std::size_t written = 0;  // columns of the line; no line ends in spaces
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (widths[i] == 0) continue;
    const std::string text = columns_[i].gives_way ? shortened(row[i].text, widths[i]) : row[i].text;
    const std::size_t columns = columns_of(text);
    const std::size_t at = start + (columns_[i].to_the_right ? widths[i] - columns : 0);
    start += widths[i] + gap;
    if (columns == 0 || at >= width) continue;
    const std::string shown = first_characters(text, width - at);
    line += std::string(at - written, ' ') + (row[i].colour ? palette.paint(*row[i].colour, shown) : shown);
    written = at + columns;
  }
  return line;
}

std::vector<std::string> Table::lines(std::size_t width, const Palette& palette) const {
  const std::vector<std::size_t> fitting = widths(width);
  std::vector<Cell> titles;
  for (const Column& column : columns_) titles.push_back({column.title, Colour::grey});
  std::vector<std::string> lines{line(titles, fitting, width, palette)};
  for (const auto& row : rows_) lines.push_back(line(row, fitting, width, palette));
  return lines;
}

}  // namespace leaselock::tool
