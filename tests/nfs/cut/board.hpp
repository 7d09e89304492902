#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "record/cycles.hpp"

namespace leaselock::nfs {

/// One process of a command, as it tells of itself.
struct LifeSign {
  std::atomic<std::uint32_t> pid;  ///< 0 until the rest is there
  std::uint32_t parent;
  std::uint32_t trial;
  std::uint32_t second;  ///< 1 for the command that waits, 0 for the one before it
  Cycles first;
  std::atomic<Cycles> last;
};

/// What the processes of one host tell of themselves: memory that they share with a witness. A sign of life is a store,
/// so it costs no system call, no network carries it, and it stays when its process is killed.
struct Board {
  static constexpr std::size_t size = 4096;

  std::atomic<std::uint32_t> taken;
  std::array<LifeSign, size> signs;
};
static_assert(std::atomic<Cycles>::is_always_lock_free);

/// Throws std::system_error.
Board& make_board(const std::string& file);
Board& open_board(const std::string& file);

}  // namespace leaselock::nfs
