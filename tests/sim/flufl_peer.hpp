#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/step.hpp"
#include "random.hpp"

namespace leaselock::sim {

/// flufl.lock 5.0.1's algorithm in our own words, as a value that asks for the same steps as our protocol. It judges
/// by its host's wall clock, which is the host's lease clock plus a constant here.
///
/// Differences to the original, none of which helps it: times are asked for when the last reply arrives; a claim's
/// path is unlinked only if it names a file of the lock's own directory.
class FluflPeer {
 public:
  struct Settings {
    std::string directory;  ///< with its last slash
    std::string base;
    std::string host;
    std::int64_t pid = 0;
    Duration lifetime = std::chrono::seconds(15);
    Duration slop = std::chrono::seconds(10);  ///< CLOCK_SLOP
    Duration wall_offset{};                    ///< what to add to the lease clock for this host's wall clock
  };
  enum class Outcome : std::uint8_t { none, done, already_locked, not_locked, timed_out, failed };

  FluflPeer(Settings settings, std::uint64_t seed);

  std::optional<protocol::Step> start_lock(std::optional<Duration> timeout, LeaseTime now);
  std::optional<protocol::Step> start_unlock(LeaseTime now);
  std::optional<protocol::Step> start_refresh(LeaseTime now);
  std::optional<protocol::Step> resume(const protocol::Result& result);

  Outcome outcome() const { return outcome_; }
  int error() const { return error_; }
  /// Its user thinks that the lock is held.
  bool holds() const { return holds_; }
  /// When the lease that it last wrote ends, on its own lease clock.
  LeaseTime expiry() const { return expiry_; }

 private:
  enum class Operation : std::uint8_t { lock, unlock, refresh };
  enum class Phase : std::uint8_t {
    writing,
    rewriting,
    touching_claim,
    linking,
    touching_after_link,
    counting_links,
    reading_owner,
    looking_at_expiry,
    touching_victim,
    reading_victim,
    unlinking_lock,
    unlinking_winner,
    sleeping,
    giving_up,
    proving_by_touch,
    proving_by_links,
    proving_by_contents,
    releasing_lock,
    releasing_claim,
  };

  std::optional<protocol::Step> link();
  std::optional<protocol::Step> prove(Operation operation, LeaseTime now);
  std::optional<protocol::Step> proved(bool is_locked);
  std::optional<protocol::Step> touch(const std::string& name, LeaseTime now);
  std::optional<protocol::Step> look_or_give_up(LeaseTime now);
  std::optional<protocol::Step> sleep(LeaseTime now);
  std::optional<protocol::Step> end(Outcome outcome, int error = 0);
  std::optional<protocol::Step> resume_lock(const protocol::Result& result);
  std::optional<protocol::Step> resume_proof(const protocol::Result& result);
  ServerTime wall(LeaseTime now) const { return ServerTime(now.time_since_epoch() + settings_.wall_offset); }
  std::string path(const std::string& name) const { return settings_.directory + name; }

  Settings settings_;
  Random random_;
  std::string claim_;
  std::string winner_;
  std::optional<LeaseTime> give_up_at_;
  Operation operation_ = Operation::lock;
  Phase phase_ = Phase::writing;
  Outcome outcome_ = Outcome::none;
  int error_ = 0;
  bool holds_ = false;
  LeaseTime expiry_{};
};

}  // namespace leaselock::sim
