#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "doctor/mount.hpp"
#include "leaselock/lease_time.hpp"

/// What the probes of `leaselock doctor` found. Plain values: judge() needs nothing else.
namespace leaselock::tool::doctor {

/// Empty when a probe went as it must; otherwise what was seen instead.
using Fault = std::string;

/// The directory that was asked about, and how a directory that we made in it came out.
struct Place {
  std::uint32_t owner = 0;
  std::uint32_t group = 0;
  std::uint32_t mode = 0755;
  std::uint32_t our_user = 0;
  std::uint32_t made_as = 0;  ///< the owner of what we make; another one where the server maps users (root squashing)
  std::uint64_t free_bytes = 0;
  std::uint64_t all_inodes = 0;  ///< 0: this file system does not count them
  std::uint64_t free_inodes = 0;
};

/// Two threads rename one file at the same moment, again and again.
struct Race {
  int rounds = 0;
  int two_winners = 0;
  int no_winner = 0;
};

struct Names {
  Fault exclusive_create;
  Fault exclusive_mkdir;
  Fault rename;             ///< the old name is gone, the new one is the same file
  Fault rename_of_missing;  ///< must be refused with ENOENT
  Fault rename_over_full;   ///< a directory that is in use must not be replaced
  Fault rename_over_empty;  ///< an empty one should be
  Fault identity;           ///< inode numbers tell files apart, and last
  Fault hard_link;          ///< links are made, mean the same inode, and a taken name is refused
  Fault link_count;         ///< and they are counted
  Race race;
};

/// The time stamps that one kind of request leaves.
struct Stamps {
  /// The stamping clock minus our wall clock lies between these two.
  Duration offset_low{};
  Duration offset_high{};
  Duration step{};  ///< smallest difference seen between two stamps that differ; zero: the stamp never moved
  Duration worst_backward{};
  int samples = 0;
  bool repeated = false;  ///< a stamp came twice, so the stamping clock is coarser than our looks
  int backward = 0;
  /// No single offset explains all samples: the clock was set, or several clocks answer.
  bool inconsistent = false;

  Duration offset() const { return offset_low + (offset_high - offset_low) / 2; }
  Duration offset_error() const { return (offset_high - offset_low) / 2; }
};

struct Speed {
  int requests = 0;
  Duration median{};
  Duration worst{};
};

/// The library itself, used in the scratch directory.
struct Trial {
  Fault fenced;
  Fault without_mirror;
  Fault compat;
  Duration fenced_cycle{};  ///< lock() and unlock() of a lock that this process had before
};

struct Facts {
  std::string directory;
  Mount mount;
  bool local = false;  ///< the library counts this file system as kept by this machine's kernel
  Place place;
  Names names;
  Stamps touched_directory;  ///< where fenced mode has its stamps from
  Stamps touched_file;       ///< where compat mode has them from
  Stamps changed_directory;  ///< what an entry that is renamed leaves, which only the server can stamp
  Speed speed;
  Trial trial;
  std::optional<Fault> record_locks;  ///< empty: not tried, since no network file system is asked
};

}  // namespace leaselock::tool::doctor
