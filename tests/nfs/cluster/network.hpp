#pragma once

#include <string>
#include <thread>

namespace leaselock::cluster {

/// The server's number among the hosts; the clients' begin with the next one.
inline constexpr int server_number = 0;

/// Two bridges in the sandbox's network: one carries NFS, one the commands of the test, so that a host that is cut off
/// from the server still obeys. A host has a tap on each.
class Network {
 public:
  Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  void add_taps(int number);
  /// Takes the link of a host's NFS network down, or up again: frames are lost, nobody is told.
  void cut(int number);
  void heal(int number);

  static std::string data_tap(int number) { return "data" + std::to_string(number); }
  static std::string control_tap(int number) { return "ctl" + std::to_string(number); }
  static std::string data_address(int number) { return "10.77.1." + std::to_string(number + 10); }
  static std::string control_address(int number) { return "10.77.2." + std::to_string(number + 10); }
  /// Fixed, so that a host that boots again is found at once.
  static std::string data_mac(int number);
  static std::string control_mac(int number);

 private:
  std::jthread waker_;
};

}  // namespace leaselock::cluster
