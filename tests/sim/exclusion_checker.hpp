#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulated_clock.hpp"

namespace leaselock::sim {

enum class Kind : std::uint8_t { fenced, compat, flufl };
std::string to_string(Kind kind);

/// Watches what the processes believe, in true time, and says when two of them believe at once. It knows nothing of
/// the protocol and shares no code with it: it is told who believes what until when, and compares.
class ExclusionChecker {
 public:
  /// Between which kinds exclusion is promised.
  struct Promises {
    bool fenced = true;      ///< strict among fenced processes
    bool everybody = false;  ///< between any two
    bool tokens = true;      ///< fencing tokens grow from hold to hold
  };
  struct TrueBelief {
    std::uint64_t token = 0;
    TrueTime until;  ///< when its host's clock reaches the deadline
  };

  explicit ExclusionChecker(Promises promises) : promises_(promises) {}

  /// What the process believes from now on. Beliefs end by themselves at `until`, so only their begin and growth can
  /// bring two together, and looking at those moments looks at every instant between them.
  void observe(std::size_t process, Kind kind, std::optional<TrueBelief> belief, TrueTime now);

  const std::optional<std::string>& violation() const { return violation_; }
  std::uint64_t holds() const { return holds_; }
  /// Of all tokens that were given out.
  std::uint64_t highest_token() const { return highest_token_; }

 private:
  struct State {
    Kind kind = Kind::fenced;
    std::optional<TrueBelief> belief;
  };
  bool must_exclude(Kind a, Kind b) const;

  Promises promises_;
  std::vector<State> states_;
  std::uint64_t highest_token_ = 0;
  std::uint64_t holds_ = 0;
  std::optional<std::string> violation_;
};

}  // namespace leaselock::sim
