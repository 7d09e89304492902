#include <algorithm>
#include <iterator>

#include "stage.hpp"

/// The scripts: first flufl.lock's three races, as they were measured; then schedules for our own protocol whose
/// windows chance does not hit.
namespace leaselock::sim {
namespace {

using namespace std::chrono_literals;
using Violation = std::optional<std::string>;
using Wire = Request::Kind;
constexpr std::optional<Duration> for_ever;
constexpr Stage::Role flufl{.kind = Kind::flufl};
constexpr Stage::Role compat{.kind = Kind::compat};
constexpr Stage::Role fenced{};
constexpr Stage::Role bare{.mirror = false};

Violation overlap(const Stage& stage) {
  if (!stage.overlapped()) return std::nullopt;
  return "two processes believe that they hold the lock";
}

/// A waiter's claim gets its expiry once. When it has waited longer than lifetime and slop, the lock file that its
/// link makes is born expired, until its touch one request later.
Violation birth_race() {
  Stage stage;
  const auto holder = stage.enter(flufl);
  const auto waiter = stage.enter(flufl);
  const auto other = stage.enter(flufl);
  stage.perform(holder, Operation::lock);
  stage.begin(waiter, Operation::lock, for_ever);
  stage.finish(waiter, Duration::zero());
  for (int i = 0; i < 6; ++i) {
    stage.pass(5s);
    stage.perform(holder, Operation::refresh);
  }
  stage.perform(holder, Operation::unlock);
  stage.advance_to(waiter, Wire::link, "job");
  stage.step(waiter);
  stage.perform(other, Operation::lock, for_ever);
  stage.finish(waiter);
  return overlap(stage);
}

/// Two breakers have seen the same dead lock; the slower one removes the lock of the faster one.
Violation break_race() {
  Stage stage;
  const auto dead = stage.enter(flufl);
  const auto fast = stage.enter(flufl);
  const auto slow = stage.enter(flufl);
  stage.perform(dead, Operation::lock);
  stage.pass(30s);
  stage.begin(slow, Operation::lock, for_ever);
  stage.advance_to(slow, Wire::touch);  // its own claim
  stage.step(slow);
  stage.advance_to(slow, Wire::touch);  // the victim, which it has judged
  stage.perform(fast, Operation::lock, for_ever);
  stage.finish(slow);
  return overlap(stage);
}

/// unlock() looks and then removes; a holder that stops in between removes its successor's lock.
Violation unlock_race() {
  Stage stage;
  const auto late = stage.enter(flufl);
  const auto successor = stage.enter(flufl);
  const auto third = stage.enter(flufl);
  stage.perform(late, Operation::lock);
  stage.begin(late, Operation::unlock);
  stage.advance_to(late, Wire::unlink, "job");
  stage.pass(30s);
  stage.perform(successor, Operation::lock, for_ever);
  stage.finish(late);
  stage.perform(third, Operation::lock, for_ever);
  return overlap(stage);
}

/// A refresh to a shorter lifetime whose outcome stays unknown must not end the lease on disk before the old deadline.
Violation shorter_refresh_of_unknown_outcome() {
  Stage stage;
  const auto holder = stage.enter(bare);
  const auto other = stage.enter(bare);
  stage.perform(holder, Operation::lock);
  stage.begin(holder, Operation::refresh, 5s);
  stage.advance_to(holder, Wire::rename);
  stage.step_and_fail(holder);
  stage.finish(holder);
  stage.pass(8s);
  stage.perform(other, Operation::lock);
  return overlap(stage);
}

/// The name that an earlier refresh of unknown outcome left must earn that refresh's deadline and not a later one's.
Violation refresh_after_an_unknown_one() {
  Stage stage;
  const auto holder = stage.enter(bare);
  const auto other = stage.enter(bare);
  stage.perform(holder, Operation::lock);
  stage.pass(1s);
  stage.begin(holder, Operation::refresh);
  stage.advance_to(holder, Wire::rename);
  stage.step_and_fail(holder);
  stage.finish(holder);
  stage.pass(11s);
  stage.perform(holder, Operation::refresh);
  stage.pass(7s);
  stage.perform(other, Operation::lock);
  return overlap(stage);
}

/// The same where others wait for the length in the name: it must not be shorter than what the holder still believes.
Violation watched_shorter_refresh() {
  Stage stage;
  Stage::Role watching{.mirror = false, .trust_server_clock = false};
  const auto holder = stage.enter(watching);
  const auto other = stage.enter(watching);
  stage.perform(holder, Operation::lock);
  stage.begin(holder, Operation::refresh, 5s);
  stage.advance_to(holder, Wire::rename);
  stage.step_and_fail(holder);
  stage.finish(holder);
  stage.perform(other, Operation::lock);
  stage.pass(6s);
  stage.perform(other, Operation::lock);
  return overlap(stage);
}

/// A process that takes the baton and is slow with its claim must not break its successor's lock file.
Violation slow_claim() {
  Stage stage;
  const auto slow = stage.enter(fenced);
  const auto quick = stage.enter(fenced);
  stage.begin(slow, Operation::lock);
  if (!stage.advance_to(slow, Wire::touch, "|f.")) stage.advance_to(slow, Wire::link, "job");
  stage.pass(20s);
  if (stage.perform(quick, Operation::lock) != Ending::done) return std::nullopt;
  stage.finish(slow);
  if (stage.lock_file_of(quick)) return std::nullopt;
  return "a living holder's lock file was taken away";
}

/// destroy() and a new fence within one tick of the server's clock, or just after it has stepped back.
Violation token_after_destroy() {
  Stage stage;
  const auto first = stage.enter(bare);
  const auto second = stage.enter(bare);
  stage.set_server_clock(1s);
  stage.perform(first, Operation::lock);
  const std::uint64_t before = stage.token(first);
  stage.perform(first, Operation::destroy);
  stage.set_server_clock(-900ms);
  stage.perform(second, Operation::lock);
  if (stage.token(second) > before) return std::nullopt;
  return "a token does not grow after destroy()";
}

/// unlock() fails to look at what it moved aside, which leaves its claim a second link for ever; the next link() is
/// answered with an error while somebody else has the lock file.
Violation stray_aside() {
  Stage stage;
  const auto ours = stage.enter(fenced);
  const auto other = stage.enter(compat);
  stage.perform(ours, Operation::lock);
  stage.pass(28s);
  stage.begin(ours, Operation::unlock);
  if (!stage.advance_to(ours, Wire::look_up, "aside")) return std::nullopt;
  stage.step_and_fail(ours);
  stage.finish(ours);
  if (stage.perform(other, Operation::lock) != Ending::done) return std::nullopt;
  stage.begin(ours, Operation::lock);
  if (!stage.advance_to(ours, Wire::link, "job")) return std::nullopt;
  stage.step_and_fail(ours);
  stage.finish(ours);
  return overlap(stage);
}

/// An election mark whose owner lives on but will not break: its request was executed after it had been told EIO.
Violation stray_election_mark() {
  Stage stage;
  const auto dead = stage.enter(flufl);
  const auto marker = stage.enter(fenced);
  const auto next = stage.enter(fenced);
  stage.perform(dead, Operation::lock);
  stage.pass(60s);
  stage.begin(marker, Operation::lock);
  if (!stage.advance_to(marker, Wire::link, "|break|")) return std::nullopt;
  stage.step_and_fail(marker);
  while (stage.advance_to(marker, Wire::link)) stage.step_and_fail(marker);  // until it gives up
  for (int i = 0; i < 3; ++i) {
    if (stage.perform(next, Operation::lock) == Ending::done) return std::nullopt;
    stage.pass(3s);
  }
  return "a mark that nobody will remove keeps everybody out";
}

/// A breaker whose clock is fast, and whose knowledge of the server's clock is old and from before a step back.
Violation breaker_with_an_old_stamp() {
  Stage stage;
  Stage::Role slow{.mirror = false, .drift_ppm = 50'000, .rate_ppm = -23'500};
  Stage::Role fast{.mirror = false, .drift_ppm = 50'000, .rate_ppm = 23'500};
  const auto first = stage.enter(slow);
  const auto breaker = stage.enter(fast);
  const auto holder = stage.enter(slow);
  stage.set_server_clock(1s);
  stage.perform(first, Operation::lock);
  stage.perform(breaker, Operation::lock);  // in vain
  stage.pass(5s);
  stage.perform(first, Operation::unlock);
  stage.pass(39'999ms);
  stage.set_server_clock(-1ms - 1s);
  stage.perform(holder, Operation::lock);
  stage.pass(13'100ms);
  stage.perform(breaker, Operation::lock);
  return overlap(stage);
}

/// The holder's claim is moved aside by a breaker when the holder, long after its lease, touches it: two links, and
/// still nothing to believe in.
Violation refresh_after_the_lease() {
  Stage stage;
  const auto holder = stage.enter(compat);
  const auto breaker = stage.enter(compat);
  stage.perform(holder, Operation::lock);
  stage.pass(28s);
  stage.begin(breaker, Operation::lock);
  stage.advance_to(breaker, Wire::unlink, "|h0|");  // the victim's claim
  stage.perform(holder, Operation::refresh);
  stage.finish(breaker);
  return overlap(stage);
}

/// A breaker that is about to remove the claim of a dead holder; the holder wakes up and locks anew.
Violation lock_with_a_dead_claim() {
  Stage stage;
  const auto holder = stage.enter(compat);
  const auto breaker = stage.enter(compat);
  stage.perform(holder, Operation::lock);
  stage.pass(28s);
  stage.begin(breaker, Operation::lock);
  stage.advance_to(breaker, Wire::unlink, "|h0|");
  if (stage.perform(holder, Operation::lock) != Ending::done) return std::nullopt;
  stage.finish(breaker);
  if (overlap(stage)) return overlap(stage);
  if (stage.perform(holder, Operation::refresh) != Ending::done) return "a living holder's claim was removed";
  return std::nullopt;
}

/// A late unlock() moves the successor's lock file aside, a third process comes in, and the wrong victim
/// is put back: not over the third one's lock.
Violation put_back_beside_a_newcomer() {
  Stage stage;
  const auto late = stage.enter(fenced);
  const auto successor = stage.enter(compat);
  const auto newcomer = stage.enter(compat);
  stage.perform(late, Operation::lock);
  stage.pass(28s);  // its claim's time is nearly up, too
  stage.begin(late, Operation::unlock);
  if (!stage.advance_to(late, Wire::rename, "aside")) return std::nullopt;
  stage.pass(30s);
  stage.perform(successor, Operation::lock);
  stage.step(late);
  if (stage.perform(newcomer, Operation::lock) != Ending::done) return std::nullopt;
  stage.finish(late);
  if (stage.perform(newcomer, Operation::refresh) != Ending::done) return "a newcomer's lock file was overwritten";
  return std::nullopt;
}

}  // namespace

const std::vector<Script>& scripts() {
  static const std::vector<Script> all = [] {
    std::vector<Script> both{
        {"flufl_birth_race", "a lock file that is born expired", birth_race, true},
        {"flufl_break_race", "a breaker removes its rival's new lock", break_race, true},
        {"flufl_unlock_race", "a late unlock() removes the successor's lock", unlock_race, true},
        {"shorter_refresh_of_unknown_outcome", "a refresh that may have lowered E", shorter_refresh_of_unknown_outcome},
        {"refresh_after_an_unknown_one", "a name earns the deadline of its own request", refresh_after_an_unknown_one},
        {"watched_shorter_refresh", "the same under the watch rule", watched_shorter_refresh},
        {"slow_claim", "a lease that ends before the lock file is linked", slow_claim},
        {"token_after_destroy", "a fence made anew at once", token_after_destroy},
        {"stray_aside", "a second link that is not the lock file", stray_aside},
        {"stray_election_mark", "a mark without an election", stray_election_mark},
        {"breaker_with_an_old_stamp", "E compared with a clock that was carried forward", breaker_with_an_old_stamp},
        {"refresh_after_the_lease", "a compat refresh that comes too late", refresh_after_the_lease},
        {"lock_with_a_dead_claim", "a compat holder locks again while it is being broken", lock_with_a_dead_claim},
        {"put_back_beside_a_newcomer", "a wrong victim is put back", put_back_beside_a_newcomer},
    };
    std::ranges::copy(sharing_scripts(), std::back_inserter(both));
    return both;
  }();
  return all;
}

}  // namespace leaselock::sim
