#pragma once

#include "protocol/lazy.hpp"
#include "protocol/leave_mirror.hpp"
#include "protocol/operation.hpp"
#include "protocol/remove_ticket.hpp"
#include "protocol/scan.hpp"

namespace leaselock::protocol {

/// unlock(): stop believing, take the lock file away, give the baton back (5.5); of a reader, take its name away (9.2).
/// The session holds nothing
/// afterwards, whatever happened on the way.
class Release {
 public:
  Next start(Session& session, LeaseTime now);
  Next resume(Session& session, const Result& result);
  /// Errc::not_locked, Errc::lease_lost, or what kept the lock from being given back.
  std::error_code error() const { return error_; }

 private:
  enum class Phase : std::uint8_t { leaving_mirror, renaming, scanning, dating, removing_reader };
  Next after_mirror(Session& session, LeaseTime now);
  Next rename_to_free(Session& session, LeaseTime now);
  Next on_renamed(Session& session, const Result& result);
  Next look_for_it(Session& session);
  Next on_scanned(Session& session, LeaseTime now);
  Next on_dated(Session& session, const Result& result);
  Next on_reader_removed(Session& session, LeaseTime now);
  /// What unlock() reports when the baton was ours to the end.
  std::error_code outcome() const;
  Next end(Session& session, std::error_code error);

  Phase phase_ = Phase::leaving_mirror;
  LeaseTime deadline_{};  ///< D as it was, for judging afterwards; the hold's own is cleared first of all
  LeaseTime answered_{};
  int rounds_ = 0;
  Baton freed_;
  std::string freed_name_;
  LeaveMirror leaving_;
  RemoveTicket removing_;
  Lazy<Scan> scan_;
  std::error_code error_;
};

}  // namespace leaselock::protocol
