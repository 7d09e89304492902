#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "terminal.hpp"

namespace leaselock::tool {

/// For a pipe or a file: nothing is cut there.
inline constexpr std::size_t any_width = std::numeric_limits<std::size_t>::max();

/// What may stand in a cell: text as others wrote it.
struct Cell {
  std::string text;
  std::optional<Colour> colour;
};

struct Column {
  std::string title;
  bool to_the_right = false;  ///< for numbers
  /// Becomes narrower where there is not room for everything. The beginning of what is too long is left out, since the
  /// ends of paths and host names tell them apart.
  bool gives_way = false;
  bool may_be_cut = false;  ///< the last column: no other gives way for the end of a long text in it
};

/// Rows of text under one another. Columns in which no row has anything are left out.
class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// One cell for each column.
  void add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }

  /// The titles, then the rows: no line has more than `width` columns.
  std::vector<std::string> lines(std::size_t width, const Palette& palette) const;

 private:
  std::vector<std::size_t> widths(std::size_t width) const;
  std::string line(const std::vector<Cell>& row, const std::vector<std::size_t>& widths, std::size_t width,
                   const Palette& palette) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace leaselock::tool
