#include "protocol/place_in_queue.hpp"

#include <algorithm>
#include <utility>

namespace leaselock::protocol {
namespace {

constexpr Duration shortest_pace = std::chrono::milliseconds(1);
constexpr std::uint32_t short_queue = 50;
constexpr Duration no_limit = std::chrono::hours(1);

}  // namespace

void PlaceInQueue::listed(Session& session, const Scan& scan, const Standing& standing, ServerTime changed) {
  listed_ = polled_ = asked_ = scan.seen();
  changed_ = changed;
  // Our own ticket, which comes next, must not hide one that goes.
  if (scan.links() != 0) links_ = scan.links() + (session.ticket.empty() ? 1 : 0);
  if (pace_ == Duration::zero() && session.queue_pace != Duration::zero()) {
    pace_ = session.queue_pace;
    longest_ = no_limit;
  }
  if (pace_ == Duration::zero()) {
    // Some ten requests, one after another.
    const Duration round_trip = session.anchor ? session.anchor->received - session.anchor->sent : Duration::zero();
    pace_ = session.timing.first_poll * 3 / 2 + 10 * std::min(round_trip, session.timing.first_poll);
  }
  if (standing.passed) pace_ = std::max(pace_ / 2, shortest_pace);  // we slept too long
  first_ = standing.first;
  exact_ = true;
  stood_ = unsure_ = false;
  // Quick to believe that the queue moves, slow to believe that it stands: what was a long hold says little of the
  // next.
  advance(standing.ahead, listed_, pace_ * 5 / 4);
  if (longest_ == no_limit) session.queue_pace = pace_;
}

void PlaceInQueue::advance(std::size_t ahead, LeaseTime now, Duration slowest) {
  if (ahead < ahead_) {
    const Duration measured = (now - advanced_) / static_cast<std::int64_t>(ahead_ - ahead);
    pace_ = std::max(std::min(measured, slowest), shortest_pace);
    longest_ = no_limit;
  }
  if (ahead != ahead_) advanced_ = now;
  ahead_ = ahead;
}

PlaceInQueue::Advice PlaceInQueue::polled(const FileStatus& directory, LeaseTime now) {
  longest_ = std::min(2 * longest_, no_limit);
  const std::size_t left = directory.links < links_ ? links_ - directory.links : 0;
  const auto expected = static_cast<std::size_t>((now - std::exchange(polled_, now)) / std::max(pace_, shortest_pace));
  links_ = directory.links;
  if (std::exchange(changed_, directory.changed) != directory.changed) return on_change(left, expected, now);
  stood_ = true;
  // When all stand still somebody may be late, and it must not be we.
  return exact_ ? doubt(now) : Advice::list;
}

PlaceInQueue::Advice PlaceInQueue::on_change(std::size_t left, std::size_t expected, LeaseTime now) {
  const bool stood = std::exchange(stood_, false);
  if (left + 1 >= ahead_ || (links_ <= short_queue && left < expected)) return Advice::list;
  if (left == 0) {
    unsure_ = true;
    return doubt(now);
  }
  // Had nobody come, so many more would have gone.
  if (!stood && 2 * left < expected) return Advice::list;
  exact_ = false;
  advance(ahead_ - left, now, pace_);  // those who came may hide some who went
  return Advice::sleep;
}

PlaceInQueue::Advice PlaceInQueue::doubt(LeaseTime now) {
  // A hold that is refreshed changes the directory as well, so less and less often while the queue stands.
  const Duration pause = std::min((now - listed_) / 2, static_cast<std::int64_t>(ahead_) * pace_);
  if (!unsure_ || now - asked_ < pause) return Advice::sleep;
  asked_ = now;
  unsure_ = false;
  return Advice::ask;
}

Duration PlaceInQueue::until_near(Duration pace) const {
  const Duration expected = static_cast<std::int64_t>(ahead_ - 1) * std::max(pace_, pace) * 7 / 8;
  return std::min(expected, longest_);
}

}  // namespace leaselock::protocol
