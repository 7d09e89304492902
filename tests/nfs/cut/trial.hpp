#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace leaselock::nfs {

/// What the command does that is to be stopped.
enum class Nature {
  plain,     ///< ends when it is asked to
  lingers,   ///< takes 300 ms for that
  ignores,   ///< does not end when it is asked to
  detaches,  ///< also left a process behind in a session of its own, which ignores what it is asked
  leaves,    ///< does so and ends by itself
  crowd,     ///< six children; some with groups of their own, some that ignore what they are asked
  hops,      ///< also a process that ignores what it is asked, and again and again ends and leaves another in its place
  writes,    ///< writes to the lock's own file system, and hangs in the kernel when that does
};
inline constexpr std::size_t natures = 8;
std::string to_string(Nature nature);

/// What happens besides to the two processes that `leaselock run` is (docs/command_line.md). Where both are stopped,
/// the stop ends while the lease certainly runs; where both are killed, the command is one process.
enum class Fate { none, front_stopped, front_killed, keeper_stopped, keeper_killed, both_stopped, both_killed };
inline constexpr std::size_t fates = 7;
std::string to_string(Fate fate);
bool is_stop(Fate fate);
bool is_about_front(Fate fate);
bool is_about_keeper(Fate fate);

/// What happens to the two hosts of the first commands, or to the server of all.
enum class Blow { cut, server_hangs, server_crashes };
std::string to_string(Blow blow);

/// Two `leaselock run` on two hosts and one lock that nobody else uses.
struct Trial {
  std::size_t number = 0;
  std::string version;
  std::size_t first_host = 0;
  std::size_t second_host = 0;
  Nature nature = Nature::plain;
  Fate fate = Fate::none;
  std::chrono::milliseconds start{};       ///< of the first, from when the batch starts
  std::chrono::milliseconds fate_after{};  ///< from the blow; may be before it
  std::chrono::milliseconds stopped_for{};
  std::optional<std::chrono::milliseconds> kill_grace;
};

/// Trials that share what happens to their hosts.
struct Batch {
  std::uint64_t seed = 0;
  Blow blow = Blow::cut;
  std::chrono::milliseconds blow_after{};           ///< from when everybody waits
  std::optional<std::chrono::milliseconds> length;  ///< empty: until every second command has started
  std::size_t mount_kind = 0;
  bool control_groups = false;  ///< whether `leaselock run` can make itself one
  std::vector<Trial> trials;
};

inline constexpr std::chrono::milliseconds lifetime = std::chrono::seconds(5);

/// The seed decides everything that is said above. Two hosts are cut off, the seconds run on the other two.
Batch draw_batch(std::uint64_t seed, std::size_t trials_per_version, Blow blow);

/// One line: what would have to be played again.
std::string describe(const Batch& batch);
std::string describe(const Trial& trial);

}  // namespace leaselock::nfs
