#pragma once

#include <boost/filesystem/path.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <system_error>

#include "leaselock/export.hpp"
#include "leaselock/holder.hpp"
#include "leaselock/lease_time.hpp"

namespace leaselock {

/// What happened to a lock, for a log. Behind each stands which of Event's optional fields it has.
enum class EventKind : std::uint8_t {
  waiting,         ///< lock() found it held, or held by somebody else than before: waited, holder
  broke,           ///< a hold that was not given back was ended by us: predecessor says why, holder whose it was
  acquired,        ///< token, waited, remaining, predecessor, and holder if that one did not give it back
  gave_up,         ///< lock() ended without it, Errc::timed_out or Errc::cancelled: waited, holder, error
  failed,          ///< lock() ended without it for another reason: waited, error
  refreshed,       ///< token, held, remaining
  refresh_failed,  ///< the old lease still counts: token, held, remaining, error
  mirror_lost,     ///< refreshed, but flufl.lock processes are not excluded any more: token, held, remaining, error
  upgraded,        ///< from reader to writer: the new token, held, remaining
  downgraded,      ///< from writer to reader: token, held, remaining
  lost,            ///< somebody may have owned it before we let go of it: token, held, error
  released,        ///< token, held; error if something of it stayed, which ends by itself with the lease
  swept,           ///< what crashed processes left was removed: files
};
/// The word that logs and traces show: "waiting", "gave_up", ...
LEASELOCK_API std::string to_string(EventKind kind);

/// One thing that happened, as LockOptions::on_event is told of it. A value that can be kept and given to other
/// threads.
struct Event {
  EventKind kind = EventKind::waiting;
  WallTime time{};  ///< this host's wall clock
  boost::filesystem::path lockfile;
  std::optional<FencingToken> token;          ///< of our hold; none in compat mode
  std::optional<Duration> waited;             ///< since lock() was called
  std::optional<Duration> held;               ///< since the lock was acquired
  std::optional<Duration> remaining;          ///< of the lease
  std::optional<PredecessorEnd> predecessor;  ///< how the hold before ours ended
  std::optional<Holder> holder;               ///< somebody else
  std::error_code error;
  std::size_t files = 0;
};

/// One line without its end, in logfmt: words KEY=VALUE, those that are there, with durations in seconds. Whatever is
/// not plain ASCII comes as `\xNN`, so it can be written to any log or terminal.
/// `time=2026-11-21T07:15:30.250Z event=acquired lock=/srv/report.lock token=17 waited=1.250s remaining=14.998s
/// predecessor=released`
LEASELOCK_API std::string to_string(const Event& event);

}  // namespace leaselock
