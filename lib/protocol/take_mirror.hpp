#pragma once

#include <optional>
#include <string>

#include "protocol/break_mirror.hpp"
#include "protocol/identify_claim.hpp"
#include "protocol/lazy.hpp"
#include "protocol/make_claim.hpp"
#include "protocol/operation.hpp"
#include "protocol/refresh.hpp"
#include "protocol/wait_for_mirror.hpp"

namespace leaselock::protocol {

/// Links our claim to the lock path, waiting for and breaking what stands there (6.1, 6.3). In compat mode this is
/// the lock; in fenced mode the caller holds the baton already, which is kept alive while this waits.
///
/// Ownership is decided by looking, never by link's answer: our claim has two links and the lock path is its inode.
class TakeMirror {
 public:
  enum class Outcome : std::uint8_t {
    taken,
    timed_out,
    lost,  ///< fenced: the baton was broken while we waited
    failed,
  };

  Next start(Session& session, LeaseTime now, LeaseTime give_up_at, bool by_force);
  Next resume(Session& session, const Result& result);
  void give_up() { waiting_.give_up(); }
  Outcome outcome() const { return outcome_; }
  std::error_code error() const { return error_; }
  /// Set when a foreign lock file was broken on the way.
  bool broke() const { return broke_; }

 private:
  enum class Phase : std::uint8_t {
    removing_claim,
    making_claim,
    touching,
    linking,
    looking_at_claim_alone,
    looking_at_lock,
    looking_at_claim,
    identifying,
    probing,
    stamping,
    breaking,
    waiting,
    refreshing,
  };

  Next attempt(Session& session, LeaseTime now);
  Next try_again(Session& session, LeaseTime now);
  bool claim_needs_touch(const Session& session, LeaseTime now) const;
  Next touch(Session& session, LeaseTime now);
  Next on_touched(Session& session, const Result& result);
  Next make_claim(Session& session);
  Next on_linked(Session& session, const Result& result);
  Next on_lock_seen(Session& session, const Result& result);
  Next on_identified(Session& session, LeaseTime now);
  Next judge(Session& session, LeaseTime now);
  std::optional<step::ProcessId> holder(const Session& session) const;
  Next break_it(Session& session, bool elect);
  Next on_broken(Session& session, LeaseTime now);
  Next wait(Session& session, LeaseTime now);
  Next end(Outcome outcome);
  Next fail(std::error_code why);

  bool by_force_ = false;
  Phase phase_ = Phase::linking;
  bool linked_after_error_ = false;
  int hurried_ = 0;  ///< attempts since the last wait
  LeaseTime refresh_at_{};
  WaitForMirror waiting_;
  FileStatus foreign_;
  bool is_identified_ = false;
  FileStatus identified_;      ///< the lock file that the next two are about
  std::string foreign_claim_;  ///< its claim, by grammar; empty if that is not known
  bool foreign_is_fenced_ = false;
  bool probed_ = false;  ///< since foreign_ was asked for
  bool gone_ = false;    ///< its owner's process is
  LeaseTime looked_{};   ///< when foreign_ was asked for
  Lazy<IdentifyClaim> identifying_;
  MakeClaim making_;
  Lazy<BreakMirror> breaking_;
  Lazy<RefreshBaton> refreshing_;
  bool broke_ = false;
  Outcome outcome_ = Outcome::failed;
  std::error_code error_;
};

}  // namespace leaselock::protocol
