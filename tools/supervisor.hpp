#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "child_process.hpp"
#include "leaselock/lock.hpp"
#include "lock_thread.hpp"
#include "signal_source.hpp"

namespace leaselock::tool {

/// Watches over a command that runs under a held lock: refreshes the lock every third of its lifetime, passes signals
/// on, and stops the command when the lease is lost or can no longer be kept.
///
/// A refresh may still be under way when watch() returns, so this must live as long as the io_context runs.
///
/// SIGTERM is sent while the lease still runs, early enough that with the default numbers SIGKILL, `kill_grace`
/// later, comes at its end: a command that is stopped is stopped before anybody else can have the lock.
class Supervisor {
 public:
  Supervisor(boost::asio::io_context& io, SignalSource& signals, LockThread& thread, Lock& lock, ChildProcess& child,
             Duration kill_grace);

  /// Returns when the command has ended: its exit status, or exit_lost if it was stopped.
  int watch();

 private:
  void on_signal(const Signal& signal);
  void after(Duration delay, boost::asio::steady_timer& timer, void (Supervisor::*action)());
  void refresh();
  void on_refreshed(const std::optional<Failure>& failure);
  void watch_lease();
  void stop_command(const std::string& why);
  void kill_command();

  /// How long before the end of the lease the command is told to stop.
  Duration margin() const;

  boost::asio::io_context& io_;
  SignalSource& signals_;
  LockThread& thread_;
  Lock& lock_;
  ChildProcess& child_;
  Duration kill_grace_;
  boost::asio::steady_timer refresh_timer_;
  boost::asio::steady_timer lease_timer_;
  boost::asio::steady_timer kill_timer_;
  bool stopping_ = false;
  bool warned_ = false;
};

}  // namespace leaselock::tool
