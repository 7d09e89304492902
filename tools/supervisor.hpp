#pragma once

#include <boost/asio/io_context.hpp>
#include <string>

#include "bond.hpp"
#include "child_process.hpp"
#include "leaselock/keep_alive.hpp"
#include "leaselock/lease_timer.hpp"
#include "signal_source.hpp"

namespace leaselock::tool {

struct SupervisorSettings {
  std::string lockfile;       ///< for messages
  Duration lifetime;          ///< of the lease
  Duration kill_grace;        ///< from SIGTERM to SIGKILL
  bool only_command = false;  ///< what the command leaves behind is none of our business
  bool quiet = false;
};

/// Watches over a command that runs under a held lock, which a KeepAlive refreshes: passes signals on, and stops the
/// command and all that it started when the lease becomes doubtful.
///
/// SIGTERM is sent while the lease still runs, SIGKILL a margin before its end at the latest: everything is gone before
/// anybody else can have the lock.
class Supervisor {
 public:
  Supervisor(boost::asio::io_context& io, SignalSource& signals, const KeepAlive& keep, ChildProcess& child, Bond& bond,
             SupervisorSettings settings);

  /// Returns when the command and what it left behind have ended: its exit status, or exit_lost if the lease was. Or
  /// with exit_lost when a signal came while killed processes did not end: has_given_up().
  int watch();
  /// The lock must not be given back: something is left.
  bool has_given_up() const { return given_up_; }
  /// What the KeepAlive reports, in the io_context.
  void on_lease(const LeaseReport& report);

  /// How long before the end of the lease the command is told to stop: the kill grace and the time to kill, where the
  /// lifetime allows it.
  static Duration margin(Duration kill_grace, Duration lifetime);

 private:
  void on_signal(const Signal& signal);
  void after(Duration delay, LeaseTimer& timer, void (Supervisor::*action)());
  void follow_lease();
  void warn(const LeaseReport& report);
  void stop_for_front();
  void declare_lost(const std::string& why);
  void stop_command();
  void kill_command();
  bool is_over();
  void tell_of_background();

  boost::asio::io_context& io_;
  SignalSource& signals_;
  const KeepAlive& keep_;
  ChildProcess& child_;
  Bond& bond_;
  const SupervisorSettings settings_;
  LeaseTime deadline_{};
  LeaseTimer lease_timer_;
  LeaseTimer kill_timer_;
  LeaseTimer background_timer_;
  bool asked_to_end_ = false;
  bool stopping_ = false;
  bool killing_ = false;
  LeaseTime killed_at_{};
  Duration kill_pause_ = std::chrono::milliseconds(20);  ///< before what is left is killed again
  bool immortals_told_ = false;
  bool given_up_ = false;
  bool lost_ = false;
  bool warned_ = false;
  bool command_has_ended_ = false;
};

}  // namespace leaselock::tool
