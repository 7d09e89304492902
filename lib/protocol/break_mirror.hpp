#pragma once

#include <string>

#include "protocol/identify_claim.hpp"
#include "protocol/operation.hpp"

namespace leaselock::protocol {

/// Takes a dead lock file away from the lock path (6.3). What is removed is first moved aside and looked at, because
/// the name may mean a successor's lock by then; a wrong victim is put back.
class BreakMirror {
 public:
  enum class Outcome : std::uint8_t {
    broken,   ///< the victim is gone; link again
    linked,   ///< the path was free by then and our claim is linked to it
    changed,  ///< it is not the victim any more
    busy,     ///< another breaker was elected
    failed,
  };

  /// victim: the lock file as it was judged dead. claim: the name of its claim, empty if unknown. elect: keep
  /// other breakers out with a mark; not needed where the victim is a fenced claim, since we hold the baton.
  Next start(Session& session, const FileStatus& victim, std::string claim, bool elect);
  Next resume(Session& session, const Result& result);
  Outcome outcome() const { return outcome_; }
  std::error_code error() const { return error_; }

 private:
  enum class Phase : std::uint8_t {
    electing,
    looking_at_mark,
    identifying_marker,
    removing_dead_mark,
    relinking,
    looking_at_victim,
    moving,
    looking_at_aside,
    looking_at_claim,
    removing_claim,
    putting_back,
    removing_aside,
    removing_mark,
  };
  Next elect(Session& session);
  Next relink(Session& session);
  Next move(Session& session);
  Next on_aside(Session& session, const Result& result);
  Next finish(Session& session, Outcome outcome);
  Next remove_mark(Session& session);
  static LeaseTime lease_end(const Session& session);
  bool is_victim(const FileStatus& status) const;

  Phase phase_ = Phase::electing;
  FileStatus victim_;
  std::string claim_;
  std::string mark_;
  IdentifyClaim identifying_;
  std::string aside_;
  int rounds_ = 0;
  bool elected_ = false;
  bool aside_exists_ = false;
  Outcome outcome_ = Outcome::failed;
  std::error_code error_;
};

}  // namespace leaselock::protocol
