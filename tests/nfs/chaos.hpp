#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "cluster/host.hpp"
#include "contest.hpp"

namespace leaselock::nfs {

/// What is done to a cluster. Every fault is undone before the next one begins, but for the weather: delays, losses,
/// repetitions and changes of order in the network, which stay until they change.
enum class Fault {
  kill,             ///< one worker of each contest, as kill -9
  crash,            ///< a host loses power, and boots again
  pause,            ///< a host's processors stop, for up to two lifetimes
  cut,              ///< a host's network towards the server
  restart_service,  ///< the server's NFS service: connections break, replies are lost
  crash_server,     ///< the server loses power, and boots again over its disk
  wrong_clock,      ///< a host's wall clock, by an hour or by years
  weather,
};
std::string to_string(Fault fault);

/// What must not be exceeded for the promises of a mode to hold (docs/guarantees.md).
struct ChaosLimits {
  std::vector<Fault> faults;
  std::chrono::milliseconds longest_outage{};  ///< of a host's processors and of its network
};
/// All faults, as long as 12 s: what fenced mode must bear with a lifetime of 5 s.
ChaosLimits limits_of_fenced();
/// Compat mode promises nothing when a request is held up for longer than a lease or a clock is wrong.
ChaosLimits limits_of_compat();

/// Plays a sequence of faults that the seed alone decides. What the threads of the cluster make of them differs from
/// run to run, so a seed that found something is played again and again.
class Chaos {
 public:
  /// Plays on the first `hosts` hosts. after_boot: mounts on a host that has just booted whatever its workers use.
  Chaos(std::uint64_t seed, ChaosLimits limits, std::size_t hosts, std::vector<std::shared_ptr<Contest>> contests,
        std::function<void(std::size_t host)> after_boot);

  /// Returns when the time is over and all is undone and every worker runs again.
  void run(std::chrono::seconds time);

  const std::map<Fault, std::size_t>& counts() const { return counts_; }

 private:
  void play(Fault fault);
  void on_host(Fault fault, std::size_t host, std::chrono::milliseconds length);
  void kill_one_of_each(std::chrono::milliseconds pause);
  void change_weather();
  void clear_weather();
  void mark(const std::string& host, const std::string& what);
  std::chrono::milliseconds draw(std::chrono::milliseconds least, std::chrono::milliseconds most);
  std::size_t draw_index(std::size_t size);

  ChaosLimits limits_;
  std::size_t hosts_;
  std::vector<std::shared_ptr<Contest>> contests_;
  std::function<void(std::size_t host)> after_boot_;
  std::mt19937_64 random_;
  std::map<Fault, std::size_t> counts_;
};

}  // namespace leaselock::nfs
