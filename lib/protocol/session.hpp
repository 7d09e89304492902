#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "leaselock/lease_time.hpp"
#include "protocol/boxed.hpp"
#include "protocol/lease.hpp"
#include "protocol/names.hpp"
#include "protocol/step.hpp"

/// What one Lock object knows between its operations: a value that can be copied and compared, with no I/O in it.
/// The operations (acquire.hpp, refresh.hpp, ...) read and change it; they own nothing else that lasts.
namespace leaselock::protocol {

/// What the user asked for, checked (options.hpp) and in the protocol's own terms.
struct Settings {
  std::string lock_path;  ///< as the caller spelled it: what a claim contains begins with it
  std::string base;       ///< last component of the lock path
  std::string separator = "|";
  Purpose purpose;
  bool fenced = true;
  bool mirror = true;  ///< fenced locks only; compat always has the lock file
  Duration lifetime = std::chrono::seconds(15);
  std::int64_t drift_ppm = 1000;
  std::optional<Duration> stamp_error;  ///< empty: by the kind of file system
  std::optional<Duration> grace;
  bool fair = true;  ///< fenced: waiters queue
  bool gate = true;  ///< waiters on one host stand in line where the file system allows it
  bool gate_required = false;
  bool break_dead = true;  ///< a hold of a process that is gone from this host ends at once
  bool trust_server_clock = true;
  bool trust_others = false;
  std::optional<std::uint32_t> permissions;        ///< of what is made for others to use; empty: by the umask
  Duration flufl_slop = std::chrono::seconds(10);  ///< flufl.lock's CLOCK_SLOP
  std::uint32_t user = 0;                          ///< effective user id, to judge who owns the fence directory
  std::vector<int> retry_errnos;

  bool shared_by_group() const { return permissions && (*permissions & 0020U) != 0; }
};

/// Settings that depend on the file system, known once the lock directory is open (docs/protocol.md section 19).
struct Timing {
  ClockBounds bounds;
  Duration smallest_lifetime{};
  Duration first_poll{};
  Duration last_poll{};
  Duration first_place_poll{};  ///< longest sleep of the first in the queue
  Duration last_place_poll{};   ///< and of the others
  Duration patience{};          ///< how long a waiter lets the one before it in the queue hesitate
  bool local = false;
  bool wakes = false;  ///< the kernel wakes waiters: the gate and watches are in use

  static Timing of(const Settings& settings, bool local, bool wakes = false);
};

struct Claim {
  std::string name;
  FileStatus status;     ///< when it was last seen; its inode is what the lock file is compared with
  ServerTime expiry{};   ///< M: the mtime we gave it, zero before the first touch
  LeaseTime deadline{};  ///< compat: D, until when a hold by this claim may be believed in
};

/// A lock that was taken: the name that says so, and until when we may believe in it.
struct Hold {
  Baton baton;                      ///< fenced: what the current name says. compat: unused
  std::string name;                 ///< and the name itself; a reader's is not the baton's (9.2)
  std::uint64_t highest_tried = 0;  ///< sequence numbers are never used twice, not even after an unknown outcome
  /// The deadline that each sequence number still in doubt would earn.
  std::vector<std::pair<std::uint64_t, LeaseTime>> earned;
  LeaseTime deadline{};  ///< D: believe while now < D
  bool owner = false;    ///< set last of all by lock(), cleared first of all by unlock()
  bool mirrored = false;
  bool shared = false;  ///< a reader's: baton says only number, expiry and lifetime
  /// A reader's: until when a refresh of unknown outcome would let it believe if that were executed last of all.
  LeaseTime in_doubt = LeaseTime::max();
};

/// How the hold before ours ended.
enum class Ending : std::uint8_t { none, released, expired, forced };

/// The exact name of a baton last seen, and since when, for the watch rule (4.5) and for the queue (7.2).
struct Watch {
  std::uint32_t slot = 0;
  std::string name;
  LeaseTime first_seen{};
  bool seen_running = false;         ///< after it was listed its owner still ran, on this host (8)
  std::optional<LeaseTime> gone_at;  ///< when we learned that the owner is gone
};

/// A held name that we flagged ourselves (7.2), and when the server made the name that it had before.
struct Flag {
  std::string name;
  std::optional<ServerTime> made;  ///< empty on a local file system, where nobody asks
};

struct Session {
  Settings settings;
  Names names;
  Owner me;
  Timing timing;

  bool opened = false;  ///< the lock directory's handle
  FileStatus directory;
  std::size_t name_max = 255;
  bool fence_open = false;
  FileStatus fence;  ///< identity of the fence handle

  std::optional<Anchor> anchor;
  std::optional<Claim> claim;
  std::uint64_t names_made = 0;

  std::optional<Hold> hold;
  std::vector<Hold> more;                ///< the other slots that are held with it (9.1)
  bool lost = false;                     ///< the last hold ended without our doing
  std::optional<Purpose> found_purpose;  ///< the path is used for something else

  std::string last_free;         ///< the name our last release left
  Boxed<Baton> last_free_baton;  ///< what that says
  int guesses = 1;               ///< how often it may be taken without looking, until somebody looks who waits (7.2)
  int guesses_left = 1;
  bool guess_is_good = true;               ///< last_free was still there the last time
  std::vector<Watch> watches;              ///< one for each slot that was looked at
  std::string ticket;                      ///< our place in the queue, by name; empty when we have none
  std::optional<std::int64_t> arrival_ns;  ///< the stamp of the first ticket of this wait, until it is used again
  Duration queue_pace{};                   ///< how long a hand-off took when we last waited; zero: never seen
  std::optional<Flag> flag;                ///< the last one we set
  bool in_line = false;                    ///< standing at the gate of this host (7.3)
  bool in_gate = false;                    ///< as the first
  std::optional<Place> watching;           ///< the directory whose changes wake us
  Boxed<Baton> holder;                     ///< whom we last saw holding the baton
  Boxed<ClaimName> mirror_holder;          ///< whom we last saw holding the lock file
  std::optional<ServerTime> mirror_expiry;
  Ending predecessor = Ending::none;
  Boxed<Baton> predecessor_baton;
  std::optional<LeaseTime> last_sweep;
  std::uint32_t mirrors_broken = 0;  ///< lock files of others that we took away; for those who watch, decides nothing
  std::uint32_t files_swept = 0;     ///< the same for what crashed processes left
  std::uint64_t jitter = 0;

  Session() = default;
  Session(Settings settings, Owner me);

  /// The flag on this name is no work of ours, so it may have been set late, by a process that was killed meanwhile
  /// (4.7).
  bool is_foreign_flag(const Baton& baton, const std::string& name) const {
    return !timing.local && baton.wanted_ms != 0 && (!flag || flag->name != name);
  }
  /// Since when this name has stood in its slot; begins now if it is another than the last one.
  Watch& watch(std::uint32_t slot, const std::string& name, LeaseTime seen);
  const Watch* find_watch(std::uint32_t slot) const;
  /// This baton is one of those that we hold.
  bool holds_slot(const Baton& baton) const;
  /// The owner's process, if this host can tell of its death and that counts (8).
  std::optional<step::ProcessId> process_here(const Owner& owner) const;
  bool mirrored() const { return !settings.fenced || settings.mirror; }
  bool is_semaphore() const { return settings.purpose.kind == LockKind::semaphore; }
  /// The lease is certainly ours at `now`.
  bool holds(LeaseTime now) const { return hold && hold->owner && now < hold->deadline; }
  /// Least of the lease that must be left when lock() returns.
  Duration smallest_remainder() const { return settings.lifetime / 4; }
  bool anchor_is_old(LeaseTime now) const;
  void take_anchor(const Result& reply);
  /// A name nobody has used: our process, our object's id and a number of its own.
  std::string unique();
  /// A pseudo-random length in [length / 2, length], so that pollers do not move in step.
  Duration with_jitter(Duration length);
  void forget_hold();
  void forget_fence();
  /// The claim in it may be reached again: opening the directory anew tells.
  void forget_directory();
};

}  // namespace leaselock::protocol
