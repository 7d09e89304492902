#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <optional>

#include "lock_thread.hpp"
#include "top/look.hpp"

namespace leaselock::tool::top {

/// Looks into a place again and again, in a thread of its own: a file server that does not answer holds up nothing
/// else. After each look it rests for the interval, and at least four times as long as the look took, so that it never
/// keeps a server busy for more than a fifth of the time.
class Watch {
 public:
  /// Calls `seen` in the io_context after each look. The object must live as long as the io_context runs; its
  /// destructor waits for a look that is under way.
  Watch(boost::asio::io_context& io, Place place, Duration interval, std::function<void()> seen);
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  const Place& place() const { return place_; }
  /// Empty until the first look has ended.
  const std::optional<Look>& last() const { return last_; }
  bool is_looking() const { return is_looking_; }
  /// For how long a look that is under way has waited for an answer; zero when there is none.
  Duration silence() const;
  /// How long it rests after a look now.
  Duration rest() const { return rest_; }
  void set_paused(bool paused);

 private:
  using Clock = std::chrono::steady_clock;

  void look();
  void rest_after(Duration took);

  Place place_;
  Duration interval_;
  Duration rest_;
  std::function<void()> seen_;
  boost::asio::steady_timer timer_;
  std::atomic<Clock::rep> answered_{0};
  bool is_looking_ = false;
  bool is_paused_ = false;
  std::optional<Look> last_;
  LockThread thread_;  // the last member: it ends first
};

}  // namespace leaselock::tool::top
