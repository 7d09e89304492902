#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "protocol/step.hpp"

/// Hashes that are the same on every run and machine: the explorer knows a state by its hash.
namespace leaselock::sim {

inline void mix(std::uint64_t& hash, std::uint64_t value) {
  hash ^= value + 0x9E3779B97F4A7C15ULL + (hash << 6) + (hash >> 2);
  hash *= 0xD6E8FEB86659FD93ULL;
  hash ^= hash >> 32;
}

inline void mix(std::uint64_t& hash, std::string_view text) {
  std::uint64_t value = 14695981039346656037ULL;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  mix(hash, value);
}

inline void mix(std::uint64_t& hash, const protocol::Entry& entry) {
  mix(hash, entry.name);
  mix(hash, entry.inode);
}

template <class Clock, class Length>
void mix(std::uint64_t& hash, std::chrono::time_point<Clock, Length> moment) {
  mix(hash, static_cast<std::uint64_t>(moment.time_since_epoch().count()));
}

}  // namespace leaselock::sim
