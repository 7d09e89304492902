#include "keep/lease_judge.hpp"

#include <algorithm>
#include <utility>

#include "leaselock/error.hpp"

namespace leaselock::keep {
namespace {

/// Longer ones would be no time that can be added to another.
constexpr Duration longest_patience = std::chrono::hours(10 * 365 * 24);

Duration margin_of(const KeepAliveOptions& options, Duration lifetime) { return options.margin.value_or(lifetime / 3); }

}  // namespace

LeaseJudge::LeaseJudge(const KeepAliveOptions& options, Duration lifetime, LeaseTime deadline, LeaseTime now)
    : margin_(margin_of(options, lifetime)),
      patience_(options.patience.value_or(margin_)),
      pace_(lifetime),
      deadline_(deadline),
      doubtful_at_(std::max(deadline - margin_, now + (deadline - now) / 2)),
      stop_at_(options.stop_at) {
  // As if it had been refreshed when it had its full length.
  const LeaseTime began = deadline - lifetime;
  refresh_at_ = pace_.after_success(began, began, deadline - margin_);
}

std::string LeaseJudge::why_not(const KeepAliveOptions& options, Duration lifetime) {
  const Duration margin = margin_of(options, lifetime);
  if (margin <= Duration::zero()) return "the margin must be longer than zero";
  if (margin > lifetime / 2) return "the margin is longer than half of the lifetime: no time is left for a refresh";
  if (options.patience.value_or(margin) < Duration::zero()) return "the patience is negative";
  if (options.patience.value_or(margin) > longest_patience) return "the patience is longer than ten years";
  if (options.stop_at == LeaseState::held) return "stop_at must be doubtful or lost";
  return "";
}

void LeaseJudge::sent(LeaseTime now) { under_way_since_ = now; }

void LeaseJudge::answered(std::error_code error, LeaseTime deadline, LeaseTime now) {
  const LeaseTime sent = under_way_since_.value_or(now);
  under_way_since_.reset();
  if (answered_lost_) return;
  error_is_news_ |= error != error_;
  error_ = error;
  answered_lost_ = error == Errc::lease_lost || error == Errc::not_locked;
  if (answered_lost_) return;
  const bool extended = deadline > deadline_;
  if (extended) {
    deadline_ = deadline;
    doubtful_at_ = deadline - margin_;
  }
  if (extended || !error) give_up_at_.reset();  // it was ours without a gap until now
  if (!error) {
    refresh_at_ = pace_.after_success(sent, now, doubtful_at_);
  } else {
    refresh_at_ = extended ? pace_.after_half_success(sent, now, doubtful_at_) : pace_.after_failure(now);
  }
}

bool LeaseJudge::look(LeaseTime now) {
  const LeaseState before = state_;
  if (state_ != LeaseState::lost) state_ = judge(now);
  if (state_ >= stop_at_) must_stop_ = true;
  return std::exchange(error_is_news_, false) || state_ != before;
}

LeaseState LeaseJudge::judge(LeaseTime now) {
  if (answered_lost_) return LeaseState::lost;
  if (now < doubtful_at_) return LeaseState::held;
  return now < deadline_ || !is_given_up(now) ? LeaseState::doubtful : LeaseState::lost;
}

/// The patience counts from when the end was noticed, and again when its own end was slept through: who did not run had
/// no chance to find out.
bool LeaseJudge::is_given_up(LeaseTime now) {
  const bool slept = give_up_at_ && patience_ > Duration::zero() && now > *give_up_at_ + patience_;
  if (!give_up_at_ || slept) give_up_at_ = now + patience_;
  return now >= *give_up_at_;
}

LeaseTime LeaseJudge::look_at() const {
  if (state_ == LeaseState::lost) return LeaseTime::max();
  if (state_ == LeaseState::held) return doubtful_at_;
  return give_up_at_.value_or(deadline_);
}

LeaseTime LeaseJudge::refresh_at() const {
  const bool none = under_way_since_ || answered_lost_ || state_ == LeaseState::lost;
  return none ? LeaseTime::max() : refresh_at_;
}

std::error_code LeaseJudge::loss() const {
  if (state_ != LeaseState::lost) return {};
  return answered_lost_ ? error_ : make_error_code(Errc::lease_lost);
}

LeaseReport LeaseJudge::report(LeaseTime now) const {
  LeaseReport report{state_, deadline_, std::max(deadline_ - now, Duration::zero()), error_, {}};
  if (under_way_since_) report.unanswered = now - *under_way_since_;
  return report;
}

}  // namespace leaselock::keep
