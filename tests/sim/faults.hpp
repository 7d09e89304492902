#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "random.hpp"
#include "simulated_clock.hpp"
#include "simulated_server.hpp"

/// The fault model. Each schedule draws which faults occur and how often; every request may meet any of them:
///
///   pause        the process sleeps before it sends, or after the reply, for anything up to three leases
///   slow         the request is lost and sent again by the client until it arrives: executed once, late
///   repeated     executed, its reply lost, sent again and executed again after other requests; the caller gets the
///                second reply (ENOENT, EEXIST, ...) although the first execution did the work
///   zombie       the caller is told EIO; the request is executed at any other time, earlier or later, or never
///   stale handle the caller is told ESTALE although the handle is good
///   stale list   a listing is answered with the names of one of the last two earlier states
///   torn list    a listing is read in two halves with changes in between: it may show both names or none
///   absent       a rename's source is believed absent from memory: ENOENT without asking
///   kill         the process is killed while a rename of the baton is on its way. A Linux client goes on sending it,
///   and
///                each time under the name that the file has by then: it may hit a later owner's name (protocol.md 4.7)
///   crash        the process is killed; what it has sent is still executed; a new one starts later, perhaps under an
///   id
///                that another one had
///   reboot       a whole host crashes and comes up as another
///
/// and, where the host's kernel keeps the file system and wakes those who wait, only pauses, crashes and these:
///
///   no gate      there are no record locks
///   deleted gate somebody removes the file that they are on: two are first in line at once
///   shut gate    who was first died, and a child of his keeps the descriptor for ever
///   no watch     EMFILE
///   woken        for nothing
///
/// besides what the clients' caches do by themselves (simulated_client.hpp), server clocks that are coarse and jump,
/// and hosts' clocks that drift (simulated_clock.hpp). A host that is suspended is a pause of its process: its clock
/// counts suspend. Only faults that the guarantees survive are drawn (docs/protocol.md section 2): rates stay within
/// rho and the server's clock within the grace. Not modelled: frozen clocks, a server that forgets acknowledged work.
///
/// flufl.lock's guarantee, which is compat mode's too, survives less: a removal of the lock file is never repeated
/// and never late, and no request is late by a good part of a lease. A process may still pause anywhere else.
namespace leaselock::sim {

enum class FaultLevel : std::uint8_t { none, flufl_guarantee, all };

/// How often each fault occurs, in thousandths of all requests.
struct FaultRates {
  std::uint32_t pause = 0;
  std::uint32_t slow = 0;
  std::uint32_t repeated = 0;
  std::uint32_t zombie = 0;
  std::uint32_t stale_handle = 0;
  std::uint32_t stale_list = 0;
  std::uint32_t torn_list = 0;
  std::uint32_t absent = 0;
  std::uint32_t crash = 0;
  std::uint32_t kill = 0;    ///< of renames of the baton; only where the scenario asks for it
  std::uint32_t reboot = 0;  ///< of crashes
  bool no_gate = false;
  std::uint32_t deleted_gate = 0;
  std::uint32_t shut_gate = 0;  ///< of crashes
  std::uint32_t no_watch = 0;
  std::uint32_t woken = 0;
  Duration longest_pause{};
  Duration longest_delay{};

  static FaultRates draw(Random& random, FaultLevel level, Duration lifetime);
  /// Where each host's kernel keeps the files itself.
  static FaultRates draw_local(Random& random, FaultLevel level, Duration lifetime);
  std::string describe() const;
};

/// How old an answer may be, when something is done because of it, before that counts as late.
constexpr Duration late_after(Duration round_trip) { return 6 * round_trip; }

/// What happens to one request.
struct Fate {
  Duration before{};                 ///< from its sending to its execution
  Duration after{};                  ///< from its last execution to the reply's arrival
  std::optional<Duration> again;     ///< repeated, so much later
  bool zombie = false;               ///< the caller gets EIO after before + after
  std::optional<Duration> executed;  ///< a zombie's execution, after the sending; empty: never
  int error = 0;                     ///< answered with this, not executed
  std::size_t listing_age = 0;
  bool torn = false;

  /// Not executed exactly once and soon: whoever sent it cannot be blamed for where it hits.
  bool disturbed(Duration round_trip) const { return again || zombie || before > late_after(round_trip); }
  bool is_fault() const { return again || zombie || error != 0 || listing_age != 0 || torn; }
  /// Nothing of it may happen later than this.
  void end_within(Duration left);
};

/// Draws the fates of requests for one schedule.
class Faults {
 public:
  Faults(Random random, FaultRates rates, FaultLevel level, Duration round_trip)
      : random_(random), rates_(rates), level_(level), round_trip_(round_trip) {}

  /// removes_lock: the request takes the name away that everybody contends for.
  Fate fate(const Request& request, bool removes_lock);
  /// How long the process sleeps before it sends its next request.
  Duration pause(bool before_removal);
  bool crashes() { return random_.chance(rates_.crash); }
  Duration crash_length();
  bool takes_host_along() { return random_.chance(rates_.reboot); }
  bool lacks_gates() const { return rates_.no_gate; }
  bool deletes_gate() { return random_.chance(rates_.deleted_gate); }
  bool leaves_gate_shut() { return random_.chance(rates_.shut_gate); }
  bool watch_fails() { return random_.chance(rates_.no_watch); }
  bool wakes_for_nothing() { return random_.chance(rates_.woken); }
  bool kills() { return rates_.kill > 0 && random_.chance(rates_.kill); }
  /// How long a client goes on sending what a killed process asked for.
  Duration orphaned() { return random_.between(Duration::zero(), 4 * rates_.longest_delay); }
  /// From here on nothing goes wrong any more.
  void heal() { rates_ = FaultRates{}; }

 private:
  Duration travel() { return random_.between(Duration(round_trip_ / 4), round_trip_ / 2); }
  void draw_listing(const Request& request, Fate& fate);

  Random random_;
  FaultRates rates_;
  FaultLevel level_;
  Duration round_trip_;
};

}  // namespace leaselock::sim
