#pragma once

#include <optional>
#include <string>
#include <system_error>

#include "keep/refresh_pace.hpp"
#include "leaselock/keep_alive_options.hpp"
#include "leaselock/lease_time.hpp"

namespace leaselock::keep {

/// Judges a lease that is kept alive: a value that is told what happened and when, and says what is known, when the
/// next refresh is due and when to look again. No threads, no I/O, no clock; KeepAlive and async_keep_alive() are two
/// ways to drive it.
///
/// The state changes in look() only, so that each change is seen by the one who calls that.
class LeaseJudge {
 public:
  /// deadline: of the lease as it is held now, or `now` when it is not known to be held: then the first answer tells.
  /// Where less is left than twice the margin, half of it takes the margin's place until the first refresh: a lease is
  /// not born doubtful.
  LeaseJudge(const KeepAliveOptions& options, Duration lifetime, LeaseTime deadline, LeaseTime now);

  /// Empty, or what is wrong with the options.
  static std::string why_not(const KeepAliveOptions& options, Duration lifetime);

  /// A refresh is about to be sent.
  void sent(LeaseTime now);
  /// It has ended. deadline: of the lease now, by the lock; one in the past says nothing, the old one counts on.
  void answered(std::error_code error, LeaseTime deadline, LeaseTime now);

  /// Judges anew. True when the state or the error has changed, which is then to be reported.
  bool look(LeaseTime now);
  /// When look() should be called again if nothing else happens; never again when it is lost.
  LeaseTime look_at() const;
  /// When the next refresh should be sent; not while one is under way or when it is lost.
  LeaseTime refresh_at() const;

  LeaseState state() const { return state_; }
  /// The work should stop, or should have stopped: stays true.
  bool must_stop() const { return must_stop_; }
  LeaseReport report(LeaseTime now) const;
  /// Why it is lost; empty when it is not.
  std::error_code loss() const;

 private:
  LeaseState judge(LeaseTime now);
  bool is_given_up(LeaseTime now);

  // There may be thousands of these: the order saves some bytes.
  Duration margin_;
  Duration patience_;
  RefreshPace pace_;

  LeaseTime deadline_;
  LeaseTime doubtful_at_;
  std::optional<LeaseTime> under_way_since_;
  LeaseTime refresh_at_;
  std::error_code error_;
  std::optional<LeaseTime> give_up_at_;  ///< set when the end of the lease was noticed
  LeaseState state_ = LeaseState::held;
  LeaseState stop_at_;
  bool answered_lost_ = false;  ///< and the error says so
  bool error_is_news_ = false;
  bool must_stop_ = false;
};

}  // namespace leaselock::keep
