#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "keep/lease_judge.hpp"
#include "leaselock/keep_alive_options.hpp"

namespace leaselock::keep {

/// What is kept alive: the Lock, or a stand-in of the tests.
class Refreshable {
 public:
  virtual ~Refreshable() = default;
  /// May take for ever. Called by one thread at a time.
  virtual std::error_code refresh() noexcept = 0;
  /// Of the lease; in the past when nothing is held. No I/O, any thread.
  virtual LeaseTime deadline() const noexcept = 0;
};

/// Two threads about one LeaseJudge: one refreshes, and may hang in doing so; the other judges and reports. The mutex
/// is never held while something is refreshed or reported. Thread safety: any thread, but for the destructor.
class Heartbeat {
 public:
  using OnChange = std::function<void(const LeaseReport&)>;

  /// Throws: std::system_error when a thread could not be started.
  Heartbeat(Refreshable& lease, const LeaseJudge& judge, OnChange on_change);
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  std::stop_token get_stop_token() const noexcept { return stop_.get_token(); }
  LeaseState state() const;
  LeaseReport report() const;

  /// Sends nothing more. False when a refresh was under way at `until` still.
  bool end_refreshing(LeaseTime until);
  /// Waits for the refresh under way, and ends both threads.
  void end();

 private:
  using Guard = std::unique_lock<std::mutex>;

  void refresh();
  void watch();
  void tell(Guard& guard, LeaseTime now);
  /// Until somebody changes something, or a while has passed; at the latest until then.
  void wait(Guard& guard, LeaseTime until);

  Refreshable& lease_;
  const OnChange on_change_;
  std::stop_source stop_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  LeaseJudge judge_;
  bool ending_ = false;            ///< nothing more is to be sent
  bool refreshing_ended_ = false;  ///< and nothing will be
  bool judging_ended_ = false;     ///< nothing more is to be judged

  std::mutex ends_;  ///< held while the threads are joined
  std::thread watcher_;
  std::thread refresher_;
};

}  // namespace leaselock::keep
