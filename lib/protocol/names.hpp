#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "leaselock/lease_time.hpp"
#include "leaselock/lock_kind.hpp"
#include "protocol/file_status.hpp"

/// The grammar of every name the protocol reads or writes (docs/format.md). A name that does not parse exactly is
/// not ours: it is ignored and never touched.
namespace leaselock::protocol {

/// The longest lease; longer ones are refused by the options and do not parse.
inline constexpr std::chrono::milliseconds longest_lifetime = std::chrono::hours(24 * 3660);

/// The last fencing token, in microseconds the year 2255; the same.
inline constexpr std::uint64_t largest_number = 9'000'000'000'000'000;

/// The largest semaphore; the same.
inline constexpr std::uint32_t most_slots = 1024;

/// Who made a name: one Lock object of one process. `boot`, `start` and `random` together are the object's id and
/// are unique for ever; host and pid are for people, and hints for same-host death.
struct Owner {
  std::string host;
  std::int64_t pid = 0;
  std::string boot;         ///< 16 hex digits: hash of the boot id and the process-id name space
  std::uint64_t start = 0;  ///< the process's start time as its kernel reports it
  std::string random;       ///< 32 hex digits

  std::string object_id() const;
  bool same_object(const Owner& other) const;
  friend bool operator==(const Owner&, const Owner&) = default;
};

/// What a path is used for. Every baton says it, so that nobody takes one kind for another.
struct Purpose {
  LockKind kind = LockKind::lock;
  std::uint32_t slots = 1;  ///< how many batons there are: n of a semaphore

  friend bool operator==(const Purpose&, const Purpose&) = default;
};

/// The baton's name: the complete state of a fenced lock, or of one slot of a semaphore. Its rename is the only thing
/// that decides ownership.
struct Baton {
  Purpose purpose;
  std::uint32_t slot = 0;    ///< of a semaphore, below purpose.slots
  std::uint64_t number = 0;  ///< the fencing token of the hold; of the last hold when free
  bool held = false;
  std::int64_t expiry_ms = 0;    ///< server clock
  std::uint64_t sequence = 0;    ///< refreshes of this hold
  std::int64_t freed_ms = 0;     ///< when it is free: not before this, on the server's clock, was it asked for
  std::int64_t lifetime_ms = 0;  ///< of this hold; of the last one when free
  Owner owner;
  bool wanted = false;         ///< somebody waits: whoever gives it back looks who before taking it again (7.2)
  std::int64_t wanted_ms = 0;  ///< when a waiter had that written, on the server's clock; 0: the owner did it
  std::string wanted_by;       ///< and by whom, 16 hex digits of its object: no two waiters write the same name

  ServerTime expiry() const { return ServerTime(std::chrono::milliseconds(expiry_ms)); }
  /// When its owner had this name made, at the earliest (4.7).
  ServerTime sent() const { return held ? expiry() - lifetime() : ServerTime(std::chrono::milliseconds(freed_ms)); }
  Duration lifetime() const { return std::chrono::milliseconds(lifetime_ms); }
  friend bool operator==(const Baton&, const Baton&) = default;
};

/// A waiter's place in the queue (7.2): the name of an empty file or directory beside the baton. Tickets decide nothing
/// but who waits for whom.
struct Ticket {
  std::int64_t stamp_ns = 0;  ///< when it was made, by its maker's idea of the server's clock
  Owner owner;

  /// In order of arrival; what decides between equals is the same for all.
  friend bool operator<(const Ticket& a, const Ticket& b) {
    return a.stamp_ns != b.stamp_ns ? a.stamp_ns < b.stamp_ns : a.owner.random < b.owner.random;
  }
};

/// A reader of a shared lock (9.2): the name of an empty file or directory beside the baton, made by a process that
/// held the baton as `number` at that time. Once the reader has refreshed its lease the modification time says until
/// when.
struct Reader {
  std::uint64_t number = 0;      ///< its fencing token
  std::int64_t expiry_ms = 0;    ///< of its first lease, on the server's clock
  std::int64_t lifetime_ms = 0;  ///< the same
  Owner owner;

  /// When its lease ends, by what its file said when it was looked at: a refresh sets the file's time (9.2).
  ServerTime lease_end(const FileStatus& seen) const { return std::max(expiry(), seen.modified); }
  ServerTime expiry() const { return ServerTime(std::chrono::milliseconds(expiry_ms)); }
  friend bool operator==(const Reader&, const Reader&) = default;
};

/// Who wrote a claim, told by its last field.
enum class ClaimKind : std::uint8_t { flufl, fenced, compat };

struct ClaimName {
  std::string host;
  std::int64_t pid = 0;
  ClaimKind kind = ClaimKind::flufl;
  std::string last;  ///< the last field as it stands: digits, or `f.OBJECT.K`, or `c.OBJECT.K`
  /// Boot, start and random of the object, for the two kinds that are ours.
  std::optional<Owner> owner;
};

/// Makes and reads the names of one lock.
class Names {
 public:
  Names() = default;
  Names(std::string base, std::string separator);

  const std::string& base() const { return base_; }
  const std::string& separator() const { return separator_; }

  std::string fence() const;
  std::string gate() const;
  std::string boot(std::string_view unique) const;
  std::string aside(std::string_view unique) const;
  /// The election mark of one victim generation of the lock file (protocol.md 6.3).
  std::string mark(const FileStatus& victim) const;
  std::string claim(const Owner& owner, ClaimKind kind, std::uint64_t count) const;
  std::string baton(const Baton& baton) const;
  std::string ticket(const Ticket& ticket) const;
  std::string reader(const Reader& reader) const;

  std::optional<ClaimName> parse_claim(std::string_view name) const;
  std::optional<Baton> parse_baton(std::string_view name) const;
  std::optional<Ticket> parse_ticket(std::string_view name) const;
  std::optional<Reader> parse_reader(std::string_view name) const;
  /// Whose directory in preparation, or lock file moved aside, this is; without the host.
  std::optional<Owner> parse_boot(std::string_view name) const;
  std::optional<Owner> parse_aside(std::string_view name) const;
  /// Inode and modification time that a mark names.
  std::optional<FileStatus> parse_mark(std::string_view name) const;

 private:
  std::optional<std::string_view> after(std::string_view word, std::string_view name) const;

  std::string base_;
  std::string separator_;
};

/// The last component of a path found in a file's contents; the directory part is never used.
std::string_view last_component(std::string_view path);

/// A host name that can stand in a name: no separator, no '/', no control characters, at most `limit` bytes (longer
/// ones keep their start, then `~` and 16 hex digits of their hash; with less room only the hash).
std::string fit_host(std::string_view host, std::string_view separator, std::size_t limit);

/// FNV-1a, in 16 hex digits: for shortened names only, never for security.
std::string short_hash(std::string_view text);

}  // namespace leaselock::protocol
