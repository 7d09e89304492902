#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "simulated_clock.hpp"
#include "simulated_server.hpp"

namespace leaselock::sim {

/// Watches the fence directory itself, which shows who waits and who gets the lock (docs/protocol.md 7.2), and says
/// when a waiter is passed over that was there first, or when nobody takes what is free. It reads the names by itself
/// and knows in true time since when they stand there.
class QueueChecker {
 public:
  /// A living process that wants the lock.
  struct Waiter {
    std::string owner;   ///< the unique part of its names
    bool fair = true;    ///< it leaves a free lock to those who were there before it
    TrueTime attentive;  ///< nothing has delayed or misled it since then
  };
  struct Bounds {
    Duration patience{};      ///< of a waiter for each of those before it
    Duration longest_poll{};  ///< between two looks of anybody's
  };

  /// Without bounds nothing is judged.
  void judge_by(Bounds bounds) { bounds_ = bounds; }
  bool judges() const { return bounds_.has_value(); }
  /// To be told of every change of the directory at once.
  void observe(const SimulatedServer& server, Handle fence, const std::vector<Waiter>& waiters, TrueTime now);

  const std::optional<std::string>& violation() const { return violation_; }

 private:
  struct Ticket {
    std::int64_t stamp = 0;
    std::string owner;
    TrueTime since;
  };
  struct Baton {
    std::string name;
    std::uint64_t number = 0;
    std::string owner;  ///< empty when it is free
    std::int64_t freed_ms = 0;
    bool free() const { return owner.empty(); }
  };
  void read(const std::vector<protocol::Entry>& entries, TrueTime now);
  void judge_take(const Baton& taken, const std::vector<Waiter>& waiters, TrueTime now);
  void judge_progress(const std::vector<Waiter>& waiters, TrueTime now);
  /// Since when it has been there, watching, and everybody could know of it; empty: it has not.
  std::optional<TrueTime> entitled_since(const Ticket& ticket, const std::vector<Waiter>& waiters) const;
  std::vector<const Ticket*> in_order() const;

  std::optional<Bounds> bounds_;
  Handle fence_;
  std::map<std::string, Ticket> tickets_;
  std::optional<Baton> baton_;
  TrueTime since_;      ///< the baton has this name
  bool prompt_ = true;  ///< it was made soon after it was sent, so nobody need wait for a lease
  std::optional<std::string> violation_;
};

}  // namespace leaselock::sim
