#include "table.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace demo {
namespace {

struct Row {
  std::size_t holds = 0;
  std::size_t waits = 0;
  std::int64_t longest_wait_ns = 0;
  std::size_t breaks = 0;
  std::uint64_t first_token = 0;
  std::uint64_t last_token = 0;
  bool killed = false;
};

Row row_of(const Story& story, const std::string& worker) {
  Row row;
  for (const Hold& hold : story.holds) {
    if (hold.worker != worker) continue;
    ++row.holds;
    if (hold.took_over) ++row.breaks;
    if (row.first_token == 0) row.first_token = hold.token;
    row.last_token = hold.token;
    row.killed = row.killed || hold.killed;
  }
  for (const Span& wait : story.waits) {
    if (wait.worker != worker) continue;
    ++row.waits;
    row.longest_wait_ns = std::max(row.longest_wait_ns, wait.end_ns - wait.start_ns);
  }
  return row;
}

}  // namespace

std::string table(const Story& story) {
  std::array<char, 200> line{};
  std::string text;
  const auto add = [&](auto... values) {
    std::snprintf(line.data(), line.size(), values...);
    text += line.data();
  };
  add("%-10s %6s %6s %13s %7s   %s\n", "worker", "holds", "waits", "longest wait", "breaks", "tokens, first to last");
  for (const std::string& worker : story.workers) {
    const Row row = row_of(story, worker);
    const std::string tokens = row.last_token == 0
                                   ? "none: flufl.lock has no tokens"
                                   : std::to_string(row.first_token) + " .. " + std::to_string(row.last_token);
    add("%-10s %6zu %6zu %11.2f s %7zu   %s%s\n", worker.c_str(), row.holds, row.waits,
        static_cast<double>(row.longest_wait_ns) / 1e9, row.breaks, tokens.c_str(), row.killed ? "  (killed)" : "");
  }
  return text;
}

}  // namespace demo
