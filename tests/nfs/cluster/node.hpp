#pragma once

#include <sys/types.h>

#include <boost/filesystem/path.hpp>
#include <string>
#include <thread>

namespace leaselock::cluster {

/// One User-Mode Linux kernel: a machine of the cluster that can be switched on and off and frozen.
class Node {
 public:
  /// disk: an image for /dev/ubda, or empty.
  Node(int number, std::string name, boost::filesystem::path disk);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  int number() const { return number_; }
  const std::string& name() const { return name_; }
  bool is_on() const { return process_ > 0; }

  /// Starts the kernel; returns before it has booted.
  void power_on();
  /// To be called when it has booted: from now on an alarm that the kernel lost is made up for.
  void make_up_for_lost_alarms();
  /// Like pulling the plug: nothing is flushed, nobody is told.
  void power_off();
  /// Stops all its processors at once, as a hypervisor does; its clocks show on waking how long it slept.
  void freeze();
  void thaw();
  /// The last lines of its console, for error messages.
  std::string console() const;

 private:
  boost::filesystem::path group() const;
  void set_frozen(bool frozen);

  int number_;
  std::string name_;
  boost::filesystem::path disk_;
  pid_t process_ = 0;
  std::jthread alarms_;
};

}  // namespace leaselock::cluster
