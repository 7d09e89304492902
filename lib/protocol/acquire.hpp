#pragma once

#include <string>

#include "protocol/boxed.hpp"
#include "protocol/candidates.hpp"
#include "protocol/clear_readers.hpp"
#include "protocol/lazy.hpp"
#include "protocol/leave_queue.hpp"
#include "protocol/make_claim.hpp"
#include "protocol/open_directory.hpp"
#include "protocol/operation.hpp"
#include "protocol/release.hpp"
#include "protocol/scan.hpp"
#include "protocol/share_hold.hpp"
#include "protocol/stand_in_line.hpp"
#include "protocol/take_baton.hpp"
#include "protocol/take_mirror.hpp"
#include "protocol/take_place.hpp"
#include "protocol/wait_for_change.hpp"

namespace leaselock::protocol {

struct AcquireRequest {
  LeaseTime give_up_at{};  ///< one full attempt is made even if this has passed
  bool by_force = false;   ///< break whatever holds it (unsafe_break)
  /// Only to destroy it: the hold gets the next number after the last and not the server's clock. It is no token for
  /// anybody, and destroy() need not wait until the clock has passed it.
  bool for_removal = false;
  /// As a reader (9.2).
  bool shared = false;
  /// A reader that is not in a writer's way: itself, before.
  std::string except_reader{};
  /// How many slots of a semaphore, all or none (AcquireSlots).
  std::uint32_t slots = 1;
  /// The ticket stays when a slot was won: there is more to wait for.
  bool keep_place = false;
};

/// lock(): 5.2 in fenced mode, 6.4 in compat mode. The steps of 5.2 are the phases here; a waiter stands in line on its
/// host (7.3), then in the queue (7.2), and polls or is woken (7.1).
class Acquire {
 public:
  Acquire() = default;
  explicit Acquire(AcquireRequest request) : request_(std::move(request)) {}

  Next start(Session& session, LeaseTime now);
  Next resume(Session& session, const Result& result);
  /// As if the timeout had just passed: what is under way ends in order, and nothing is held afterwards.
  void give_up();
  /// The ticket stays after all.
  void keep_place() { request_.keep_place = true; }
  std::error_code error() const { return error_; }
  /// How many of those who wait came earlier, by the last listing.
  std::size_t ahead() const { return standing_.ahead; }

 private:
  enum class Phase : std::uint8_t {
    opening,
    claiming,
    scanning,
    taking,
    leaving_queue,
    mirroring,
    clearing_readers,
    sharing,
    leaving_line,
    undoing,
    lining_up,
    queuing,
    waiting,
    ending,
  };

  Next on_opened(Session& session, LeaseTime now);
  Next find_source(Session& session, LeaseTime now);
  Next scan(Session& session, ScanRequest request);
  Next on_scanned(Session& session, LeaseTime now);
  Next take_next(Session& session, LeaseTime now);
  Next on_judged(Session& session, LeaseTime now);
  std::vector<std::string> cleared(const Session& session);
  Next on_taken(Session& session, LeaseTime now);
  Next mirror(Session& session, LeaseTime now);
  Next on_mirrored(Session& session, LeaseTime now);
  Next clear_readers(Session& session, LeaseTime now);
  Next on_cleared(Session& session, LeaseTime now);
  Next share(Session& session, LeaseTime now);
  Next on_shared(Session& session, LeaseTime now);
  Next leave_line(Session& session, LeaseTime now);
  Next last_look(Session& session, LeaseTime now);
  Next undo(Session& session, LeaseTime now, std::error_code why);
  Next on_undone(Session& session, LeaseTime now);
  Next queue(Session& session, LeaseTime now);
  Next on_lined_up(Session& session, LeaseTime now);
  Next wait(Session& session, LeaseTime now, LeaseTime until);
  Next on_waited(Session& session, LeaseTime now);
  Next fail(Session& session, LeaseTime now, std::error_code why);
  /// The end of every attempt that was begun, with the lock or without it.
  Next end(Session& session, std::error_code error);

  AcquireRequest request_;
  Phase phase_ = Phase::opening;

  bool reopened_ = false;
  int lost_races_ = 0;
  int undone_ = 0;
  std::error_code undo_reason_;

  OpenLockDirectory opening_;
  MakeClaim claiming_;
  Scan scan_;
  std::vector<Candidate> candidates_;
  std::size_t next_candidate_ = 0;
  TakeBaton taking_;
  Standing standing_;
  StandInLine line_;
  Lazy<TakePlace> place_;
  LeaveQueue leaving_;
  bool lined_up_ = false;  ///< since the last sleep
  bool placed_ = false;    ///< the same
  LeaseTime until_{};
  Lazy<TakeMirror> mirror_;
  Boxed<ClearReaders> clearing_;
  Boxed<ShareHold> sharing_;
  Lazy<Release> undoing_;
  WaitForChange waiting_;
  std::error_code error_;
};

}  // namespace leaselock::protocol
