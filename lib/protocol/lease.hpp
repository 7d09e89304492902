#pragma once

#include <cstdint>

#include "leaselock/lease_time.hpp"

/// The arithmetic of leases (docs/protocol.md section 4): free functions over times, with no state and no clock.
/// Every rounding goes to the careful side: a holder's deadline is rounded down, a breaker's patience up.
namespace leaselock::protocol {

/// Bounds within which the clocks are trusted.
struct ClockBounds {
  Duration stamp_error{};         ///< g: how far a server stamp may be from the server's true time
  Duration grace{};               ///< gamma: what a breaker adds to an expiry; never below stamp_error
  std::int64_t drift_ppm = 1000;  ///< rho: how much the rates of two clocks differ, in parts per million
};

/// A reading of the server's clock, tied to our own: the stamp was made between `sent` and `received`.
struct Anchor {
  LeaseTime sent{};
  LeaseTime received{};
  ServerTime stamp{};

  friend bool operator==(const Anchor&, const Anchor&) = default;
};

/// The server's clock at own time `now`, rounded to nobody's advantage: for estimates, never for a decision.
ServerTime estimate(const Anchor& anchor, LeaseTime now);

/// At least how long a wait of `length` on one clock lasts on any other (length / (1 + rho), rounded down).
Duration shortest(Duration length, const ClockBounds& bounds);
/// How long to wait on our clock so that `length` has passed on every clock (length (1 + 2 rho), rounded up).
Duration longest(Duration length, const ClockBounds& bounds);

/// E for a request sent no earlier than `sending`, in milliseconds of the server's clock (4.3).
std::int64_t choose_expiry(const Anchor& anchor, LeaseTime sending, Duration lifetime);

/// D: until when the holder may believe in an expiry that was first sent no earlier than `sending` (4.3).
LeaseTime deadline(const Anchor& anchor, LeaseTime sending, Duration lifetime, ServerTime expiry,
                   const ClockBounds& bounds);

/// D in compat mode (6.4): the claim's mtime and the stamp in the same reply are both on the server's clock.
LeaseTime claim_deadline(const Anchor& reply, ServerTime expiry, const ClockBounds& bounds);

/// May a name with this expiry be broken by somebody who holds this stamp? (4.4, lemma 2)
bool may_break(ServerTime expiry, ServerTime stamp, const ClockBounds& bounds);

/// Was a name made promptly after it was sent? Its file's time of change tells when. Only then does the name say how
/// long somebody may still own the lock (4.7).
bool is_prompt(ServerTime made, ServerTime sent, const ClockBounds& bounds);

/// When, on our own clock, it is worth asking for a stamp that shows the server past `moment`.
LeaseTime worth_asking(const Anchor& anchor, ServerTime moment);

/// The first stamp after which rule T cannot give `number` or less again, even if the clock steps back by the grace.
ServerTime number_passed(std::uint64_t number, const ClockBounds& bounds);

/// Rule T: the number of the next hold (5.3). `stamp` must be later than the listing when `previous` is 0.
std::uint64_t next_number(std::uint64_t previous, ServerTime stamp);

}  // namespace leaselock::protocol
