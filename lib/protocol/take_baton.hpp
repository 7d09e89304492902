#pragma once

#include <optional>
#include <string>

#include "protocol/operation.hpp"
#include "protocol/scan.hpp"

namespace leaselock::protocol {

/// What a contender may do with a baton it has seen, and the one rename that makes it ours (5.2 steps 3 and 5).
class TakeBaton {
 public:
  enum class Outcome : std::uint8_t {
    taken,     ///< session.hold says so; the owner flag is not set yet
    held,      ///< somebody else's lease may run: wait, but not past until()
    outrun,    ///< the name was gone: scan again, forced
    replaced,  ///< the fence directory went away: scan again
    failed,
  };

  /// Break whatever holds it.
  void use_force() { by_force_ = true; }
  /// The hold gets the next number after the last and not the server's clock.
  void use_next_number() { by_next_number_ = true; }

  /// The baton as it was listed, `seen` when the listing's reply arrived; `ahead` go first; `others_wait` is what the
  /// name that we make will say.
  Next start(Session& session, const FoundBaton& found, LeaseTime seen, std::size_t ahead, bool others_wait,
             LeaseTime now);
  /// The name our last release left, without having looked whether it is still there.
  Next start_guessing(Session& session, LeaseTime now);
  /// The same name is still there and time has passed.
  Next reconsider(Session& session, LeaseTime now);
  /// What was asked about the owner's process does not count any more: time passes before the next start.
  void sleeps() { probed_ = false; }
  Next resume(Session& session, const Result& result);

  Outcome outcome() const { return outcome_; }
  /// How many were to go first.
  std::size_t ahead() const { return ahead_; }
  LeaseTime until() const { return until_; }
  std::error_code error() const { return error_; }

 private:
  enum class Phase : std::uint8_t {
    stamping,  // for an anchor, or for the number of a fresh baton
    judging,   // the same, to see whether a lease has run out
    looking,   // when the name was made
    probing,   // whether its owner's process is gone
    renaming,
    cleaning,  // a deliberate bug only
  };
  Next judge(Session& session, LeaseTime now);
  Next judge_free(Session& session, LeaseTime now);
  Next judge_held(Session& session, LeaseTime now);
  bool owner_may_be_judged_dead(const Session& session) const;
  Next on_probed(Session& session, const Result& result);
  LeaseTime turn(const Session& session) const;
  Duration forbearance(const Session& session) const;
  Next look();
  Next judge_lease(Session& session, LeaseTime now);
  ServerTime lease_end(const Session& session) const;
  Duration longest_lease(const Session& session) const;
  const Watch& watch(const Session& session) const;
  Next stamp(Phase phase);
  Next take(Session& session, LeaseTime now);
  Next on_renamed(Session& session, const Result& result);
  Next wait(LeaseTime until);
  Next end(Outcome outcome);
  Next fail(std::error_code why);
  bool is_ours(const Session& session) const;

  bool by_force_ = false;
  bool by_next_number_ = false;
  Phase phase_ = Phase::renaming;
  Baton source_;
  std::string source_name_;
  bool guessing_ = false;
  std::size_t ahead_ = 0;           ///< how many go first
  bool others_wait_ = false;        ///< the name that we make says so
  bool probed_ = false;             ///< its owner's process, and nobody slept since
  bool gone_ = false;               ///< that process is
  bool stamped_ = false;            ///< the anchor is later than the listing that showed source_
  std::optional<ServerTime> made_;  ///< when source_'s name was made, once that was asked for
  Ending ending_ = Ending::none;
  Baton next_;
  std::string next_name_;
  LeaseTime next_deadline_{};
  LeaseTime until_{};
  Outcome outcome_ = Outcome::failed;
  std::error_code error_;
};

}  // namespace leaselock::protocol
