#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace leaselock::sim {

/// The lines of waiters that the hosts' kernels keep: exclusive locks on side files, granted in order of arrival
/// (step::EnterGate). A file that was deleted keeps its line; whoever comes later stands in another.
class Gates {
 public:
  /// Joins the line at its end, or keeps its place. True: first in it, and the gate is open.
  bool enter(std::size_t host, const std::string& file, std::size_t who);
  /// Gives up the place. Whoever is first because of that.
  std::optional<std::size_t> leave(std::size_t who);
  /// Dies as the first in line, with a child that has inherited the descriptor and lives on: nobody is first any more.
  void leave_shut(std::size_t who);
  bool is_in_line(std::size_t who) const;
  void delete_files();

 private:
  struct Line {
    std::size_t host;
    std::string file;
    bool has_name = true;
    bool shut = false;
    std::deque<std::size_t> people;
  };
  Line* line_of(std::size_t who);

  std::vector<Line> lines_;
};

}  // namespace leaselock::sim
