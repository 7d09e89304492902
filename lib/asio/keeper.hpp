#pragma once

#include <atomic>
#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/system/error_code.hpp>
#include <functional>
#include <memory>
#include <mutex>

#include "asio/async_state.hpp"
#include "asio/waiting_handler.hpp"
#include "asio/waiting_handlers.hpp"
#include "keep/lease_judge.hpp"
#include "leaselock/keep_alive_options.hpp"
#include "leaselock/lease_timer.hpp"

namespace leaselock {

/// One async_keep_alive(): a LeaseJudge, driven by a timer and by the answers to refreshes, in the lock's executor.
/// There may be thousands. It lives as long as a handler of the timer or of a refresh does, and so goes with the
/// context, and the user's handler with it.
///
/// Thread safety: end() and has_ended() from any thread. Whoever holds the mutex may lock AsyncState's, not the other
/// way round.
class Keeper : public std::enable_shared_from_this<Keeper> {
 public:
  Keeper(std::shared_ptr<AsyncState> lock, KeepAliveOptions options, boost::asio::cancellation_signal* stop,
         WaitingHandler::Plain handler);

  /// Calls nothing before it returns.
  void start();
  /// Completes it, once; a refresh that is under way goes on without us.
  void end(boost::system::error_code error);
  bool has_ended() const { return ended_; }

 private:
  using Guard = std::unique_lock<std::mutex>;
  using OnChange = std::function<void(const LeaseReport&)>;

  void on_refreshed(boost::system::error_code error);
  /// Judges and reports, sends what is due, and waits for what comes next.
  void go_on();
  void tell(Guard& guard, LeaseTime now);
  void refresh(LeaseTime now);
  void wait_until(LeaseTime time);
  void finish(boost::system::error_code error);

  const std::shared_ptr<AsyncState> lock_;
  const std::unique_ptr<const OnChange> on_change_;  ///< null when there is none
  std::atomic<bool> ended_{false};

  std::mutex mutex_;
  WaitingHandler::Plain handler_;
  /// The handler's executor is kept busy, as the lock's is by the timer; null when it is that.
  std::unique_ptr<boost::asio::any_completion_executor> handlers_own_;
  boost::asio::cancellation_signal* stop_;  ///< null once it was emitted
  keep::LeaseJudge judge_;
  WaitingHandlers::Number refresh_ = 0;  ///< the one under way
  LeaseTimer timer_;
};

}  // namespace leaselock
