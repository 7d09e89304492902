#pragma once

#include <boost/filesystem/path.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "network.hpp"
#include "node.hpp"
#include "remote_command.hpp"

namespace leaselock::cluster {

/// What the network of a host does to the frames that it sends. Everything that it receives passes unchanged, so a
/// round trip between two hosts with the same conditions takes the sum of both delays.
struct LinkConditions {
  std::chrono::microseconds delay{0};
  double loss_percent = 0;
  double reorder_percent = 0;  ///< frames that overtake the ones in the queue; needs a delay
  double duplicate_percent = 0;
};

struct Output {
  int status = 0;
  std::string text;  ///< standard output and error
};

/// A machine of the cluster. Functions that command it need it to be on and not frozen, and throw std::runtime_error
/// if it does not answer. Thread safety: distinct hosts are independent.
class Host {
 public:
  Host(Network& network, int number, std::string name, boost::filesystem::path disk = {});

  const std::string& name() const { return node_.name(); }
  std::string address() const { return Network::data_address(node_.number()); }
  bool is_on() const { return node_.is_on(); }

  /// Starts it; wait_until_up() returns when it takes commands.
  void power_on() { node_.power_on(); }
  void wait_until_up();

  /// Runs a command to its end. Throws if it does not end within the patience.
  Output run(const std::vector<std::string>& words, std::chrono::milliseconds patience = std::chrono::seconds(30));
  /// The same, and throws std::runtime_error with its output if the exit status is not 0.
  std::string must_run(const std::vector<std::string>& words,
                       std::chrono::milliseconds patience = std::chrono::seconds(30));
  /// Starts a command and lets it run.
  std::shared_ptr<RemoteCommand> start(const std::vector<std::string>& words, RemoteCommand::OnLine on_line);
  void signal(const std::vector<std::shared_ptr<RemoteCommand>>& commands, int signal_number);

  /// Mounts the cluster's export. version: "3", "4.0", "4.1" or "4.2"; options as in nfs(5). Returns the directory,
  /// which depends on the name only.
  boost::filesystem::path mount(const Host& server, const std::string& name, const std::string& version,
                                const std::string& options = {});

  void crash();
  void pause() { node_.freeze(); }
  void resume() { node_.thaw(); }
  void cut() { network_.cut(node_.number()); }
  /// Returns when the server answers again. Throws, with what the host knows of its network, when it does not.
  void heal();
  void set_link(const LinkConditions& conditions);
  /// Sets the wall clock wrong by so much; 0 sets it right.
  void set_clock(std::chrono::seconds error);
  /// Makes every clock of the host run faster by so much, in parts per million; at most 100,000 either way.
  void set_drift(int ppm);

 private:
  /// As must_run(); the exception tells what the host knows of its network.
  void must_run_over_the_network(const std::vector<std::string>& words);
  std::string network_state();

  Network& network_;
  Node node_;
  std::chrono::seconds clock_error_{0};
  std::mutex mutex_;
  std::vector<std::weak_ptr<RemoteCommand>> commands_;
};

}  // namespace leaselock::cluster
