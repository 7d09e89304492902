#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "simulated_clock.hpp"

namespace leaselock::sim {

/// As the ExclusionChecker, for what may have several holders: at most n of a semaphore and one of each slot, and of a
/// shared lock one writer or any readers. Shares no code with the protocol.
class SharingChecker {
 public:
  struct TrueBelief {
    std::uint32_t slot = 0;
    std::uint64_t token = 0;
    TrueTime until;  ///< when its host's clock reaches the deadline
    bool shared = false;
  };

  explicit SharingChecker(std::uint32_t slots) : slots_(slots) {}

  /// Everything that the process believes from now on.
  void observe(std::size_t process, std::vector<TrueBelief> beliefs, TrueTime now);

  const std::optional<std::string>& violation() const { return violation_; }
  std::uint64_t holds() const { return holds_; }

 private:
  struct Tokens {
    std::uint64_t of_writers = 0;
    std::uint64_t of_all = 0;
    std::size_t last_writer = 0;
  };
  void check_token(std::size_t process, const TrueBelief& begun);
  void check_others(std::size_t process, const TrueBelief& belief, TrueTime now);
  void check_count(TrueTime now);
  void report(std::string what) {
    if (!violation_) violation_ = std::move(what);
  }

  std::uint32_t slots_;
  std::vector<std::vector<TrueBelief>> states_;
  std::map<std::uint32_t, Tokens> highest_;  ///< by slot
  std::uint64_t holds_ = 0;
  std::optional<std::string> violation_;
};

}  // namespace leaselock::sim
