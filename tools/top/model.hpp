#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "leaselock/lease_time.hpp"
#include "table.hpp"
#include "top/look.hpp"

namespace leaselock::tool::top {

/// What comes first.
enum class Order {
  attention,  ///< problems, then leases that ran out and processes that are gone, then waiters, then long holds
  name,
};

/// A holder, a waiter, or a lock that has neither.
struct Row {
  std::string lock;  ///< in the first row of each lock only
  std::string slot;
  std::string host;
  std::string pid;
  Cell lease;                    ///< what is left of it
  std::optional<Duration> time;  ///< for how long it has been held, or waited for
  Cell state;
};

/// What there is to show, as plain values.
struct Model {
  std::size_t locks = 0;
  std::size_t holders = 0;
  std::size_t waiters = 0;
  std::size_t need_attention = 0;  ///< locks
  std::vector<Row> rows;
  std::vector<std::string> troubles;
};

inline constexpr std::size_t all_waiters = std::numeric_limits<std::size_t>::max();

/// Shows at most `most_waiters` of each lock, and says how many there are besides. Names are relative to the directory
/// where there is only one.
Model model_of(const std::vector<Look>& looks, Order order, WallTime now, std::size_t most_waiters);

}  // namespace leaselock::tool::top
