#pragma once

#include <cstdint>
#include <string>

#include "contender.hpp"
#include "exclusion_checker.hpp"

/// The lock that all simulated processes contend for, and how each of them is set up.
namespace leaselock::sim {

inline constexpr Duration epoch = std::chrono::seconds(1'700'000'000);  ///< of the server's clock at true time zero
inline const std::string lock_directory = "/shared/";
inline const std::string lock_name = "job";

struct Member {
  Kind kind = Kind::fenced;
  std::string host = "h0";
  std::int64_t pid = 100;
  std::uint64_t start = 1;  ///< what a kernel would tell as the start time
  std::string boot;         ///< 16 hex digits
  std::string random;       ///< 32 hex digits
  Duration lifetime = std::chrono::seconds(15);
  bool mirror = true;
  protocol::Purpose purpose;
  bool fair = true;
  bool gate = true;
  bool break_dead = true;
  bool trust_server_clock = true;
  std::int64_t drift_ppm = 1000;
  Duration wall_offset = epoch;  ///< flufl.lock's wall clock, less its host's lease clock

  /// The process with this number, alone on its host.
  static Member numbered(Kind kind, std::size_t number);
};

/// seed: for flufl.lock's random numbers.
Contender make_contender(const Member& member, std::uint64_t seed = 1);

}  // namespace leaselock::sim
