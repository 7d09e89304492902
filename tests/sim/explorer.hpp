#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "contender.hpp"
#include "exclusion_checker.hpp"
#include "leaselock/lease_time.hpp"

/// Exhaustive exploration: every interleaving of single server operations of two or three processes with short
/// programs, together with every placement of a bounded number of faults. Time stands still but for bounded jumps,
/// past a holder's deadline or past what a breaker waits for. A state that was seen before is not followed again; a
/// process's part of it is known by the history of its results, because an engine is a function of them.
namespace leaselock::sim {

/// What is explored, and how much may go wrong on one path.
struct Configuration {
  std::string name;
  std::string about;
  std::vector<Kind> processes;
  std::vector<Operation> program;                  ///< of each process
  std::vector<std::vector<Operation>> programs{};  ///< instead, one for each
  protocol::Purpose purpose{};
  bool mirror = false;
  bool warm = true;       ///< each has locked and unlocked once before; otherwise they begin with nothing there
  bool one_host = false;  ///< which knows of deaths
  /// Of each lock(). Where it waits, time passes only while nobody has a request under way, and for whoever sleeps
  /// shortest; pauses are jumps.
  Duration timeout{};
  unsigned tries = 2;  ///< of each lock()
  unsigned jumps = 0;
  unsigned repeated = 0;     ///< executed, reply lost, executed again later
  unsigned zombies = 0;      ///< EIO, executed at any later time or never
  unsigned stale_lists = 0;  ///< one of the last two earlier states
  unsigned torn_lists = 0;   ///< both names of a rename, or neither
  unsigned absent = 0;       ///< a rename answered ENOENT from memory
  unsigned stale_handles = 0;
  unsigned crashes = 0;
  bool everybody = false;  ///< exclusion between all kinds and not only among the fenced
  std::uint64_t most_states = 4'000'000;

  const std::vector<Operation>& program_of(std::size_t process) const {
    return programs.empty() ? program : programs[process];
  }
};

struct Exploration {
  std::uint64_t states = 0;
  bool complete = true;  ///< nothing was left out for want of states
  std::optional<std::string> violation;
  std::vector<std::string> trace;
};

const std::vector<Configuration>& configurations();

Exploration explore(const Configuration& configuration);

}  // namespace leaselock::sim
