#pragma once

#include <string>

#include "protocol/scan.hpp"
#include "protocol/session.hpp"
#include "protocol/standing.hpp"

namespace leaselock::protocol {

/// How far a waiter has come in the queue (7.1), by few listings: each ticket is one link of the fence directory, where
/// the server counts them, so the directory's attributes tell how many have gone. When those who come may hide those
/// who go, the first ticket tells whether anybody went. An estimate: it decides only when to look again.
class PlaceInQueue {
 public:
  enum class Advice : std::uint8_t {
    sleep,
    list,
    ask,  ///< look whether first() is still there: if so, stands(), else list
  };

  /// To be told of every scan, and when the directory changed and was asked for, before it.
  void listed(Session& session, const Scan& scan, const Standing& standing, ServerTime changed);
  /// What to do when this was said of the directory; who is near the front lists after every change.
  Advice polled(const FileStatus& directory, LeaseTime now);
  void stands() { stood_ = true; }

  std::size_t ahead() const { return ahead_; }
  bool is_far() const { return ahead_ > 1; }
  const std::string& first() const { return first_; }
  /// When the directory changed, as it was said last, and when that was.
  ServerTime changed() const { return changed_; }
  LeaseTime polled_at() const { return polled_; }
  /// How long it takes, at the pace of the queue, until one only is before us. `pace`: but not faster than this.
  Duration until_near(Duration pace) const;

 private:
  Advice on_change(std::size_t left, std::size_t expected, LeaseTime now);
  Advice doubt(LeaseTime now);
  void advance(std::size_t ahead, LeaseTime now, Duration slowest);

  std::size_t ahead_ = 0;
  std::string first_;                           ///< the ticket of the first of them
  LeaseTime advanced_{};                        ///< when that was last another number
  Duration pace_{};                             ///< how long one hand-off takes, by what we saw of the queue
  Duration longest_ = std::chrono::seconds(1);  ///< sleep while that is a guess
  LeaseTime listed_{};
  LeaseTime polled_{};
  LeaseTime asked_{};
  ServerTime changed_{};
  std::uint32_t links_ = 0;
  bool exact_ = true;    ///< the place is what a listing said, not how many went
  bool stood_ = false;   ///< nobody had gone when it was last polled
  bool unsure_ = false;  ///< somebody may have gone
};

}  // namespace leaselock::protocol
