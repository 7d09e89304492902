#include "top/watch.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace leaselock::tool::top {

namespace {

constexpr int rests_for_each_look = 4;

}  // namespace

Watch::Watch(boost::asio::io_context& io, Place place, Duration interval, std::function<void()> seen)
    : place_(std::move(place)), interval_(interval), rest_(interval), seen_(std::move(seen)), timer_(io), thread_(io) {
  look();
}

Duration Watch::silence() const {
  return is_looking_ ? Clock::now().time_since_epoch() - Clock::duration(answered_) : Duration::zero();
}

void Watch::set_paused(bool paused) {
  is_paused_ = paused;
  timer_.cancel();
  look();
}

void Watch::look() {
  if (is_looking_ || is_paused_) return;
  const auto answered = [this] { answered_ = Clock::now().time_since_epoch().count(); };
  answered();
  is_looking_ = true;
  const auto begun = Clock::now();
  const auto found = std::make_shared<Look>();
  thread_.start([this, found, answered] { *found = look_into(place_, answered); },
                [this, found, begun](const std::optional<Failure>&) {
                  is_looking_ = false;
                  last_ = std::move(*found);
                  rest_after(Clock::now() - begun);
                  seen_();
                });
}

void Watch::rest_after(Duration took) {
  rest_ = std::max(interval_, rests_for_each_look * took);
  timer_.expires_after(rest_);
  timer_.async_wait([this](const boost::system::error_code& cancelled) {
    if (!cancelled) look();
  });
}

}  // namespace leaselock::tool::top
