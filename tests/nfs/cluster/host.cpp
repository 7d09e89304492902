#include "host.hpp"

#include <boost/filesystem/operations.hpp>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace leaselock::cluster {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string percent(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f%%", value);
  return text;
}

}  // namespace

Host::Host(Network& network, int number, std::string name, boost::filesystem::path disk)
    : network_(network), node_(number, std::move(name), std::move(disk)) {
  network_.add_taps(number);
}

void Host::wait_until_up() {
  try {
    must_run({"true"});
    node_.make_up_for_lost_alarms();
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(name() + " did not boot: " + error.what() + "\nits console:\n" + node_.console());
  }
}

std::shared_ptr<RemoteCommand> Host::start(const std::vector<std::string>& words, RemoteCommand::OnLine on_line) {
  auto command = std::make_shared<RemoteCommand>(Network::control_address(node_.number()), words, std::move(on_line));
  const std::lock_guard guard(mutex_);
  std::erase_if(commands_, [](const auto& weak) { return weak.expired(); });
  commands_.push_back(command);
  return command;
}

Output Host::run(const std::vector<std::string>& words, std::chrono::milliseconds patience) {
  Output output;
  const auto command = start(words, [&output](const std::string& line) { output.text += line + '\n'; });
  const auto status = command->wait(patience);
  if (!status) throw std::runtime_error(name() + ": no end of: " + joined(words) + '\n' + output.text);
  output.status = *status;
  return output;
}

std::string Host::must_run(const std::vector<std::string>& words, std::chrono::milliseconds patience) {
  const Output output = run(words, patience);
  if (output.status == 0) return output.text;
  throw std::runtime_error(name() + ": exit status " + std::to_string(output.status) + " of: " + joined(words) + '\n' +
                           output.text);
}

void Host::signal(const std::vector<std::shared_ptr<RemoteCommand>>& commands, int signal_number) {
  std::vector<std::string> words = {"kill", "-" + std::to_string(signal_number)};
  for (const auto& command : commands) words.push_back(std::to_string(command->pid()));
  if (!commands.empty()) run(words);
}

boost::filesystem::path Host::mount(const Host& server, const std::string& name, const std::string& version,
                                    const std::string& options) {
  const std::string target = "/run/mnt/" + name;
  // A v3 client names the real directory, a v4 client the server's root.
  const std::string source = server.address() + (version == "3" ? ":/run/disk/export" : ":/");
  const std::string all = "vers=" + version + (options.empty() ? "" : "," + options);
  must_run({"mkdir", "-p", target});
  must_run_over_the_network({"mount", "-t", "nfs", "-o", all, source, target});
  return target;
}

void Host::crash() {
  node_.power_off();
  clock_error_ = std::chrono::seconds(0);
  const std::lock_guard guard(mutex_);
  for (const auto& weak : commands_) {
    if (const auto command = weak.lock()) command->give_up();
  }
  commands_.clear();
}

void Host::heal() {
  network_.heal(node_.number());
  // A host that gets no further would only be seen, much later, as one that gets no lock. The port is rpcbind's.
  must_run_over_the_network(
      {"bash", "-c", "until : >/dev/tcp/$0/111; do sleep 0.1; done", Network::data_address(server_number)});
}

void Host::must_run_over_the_network(const std::vector<std::string>& words) {
  try {
    must_run(words);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(error.what() + network_state());
  }
}

std::string Host::network_state() {
  try {
    return "\nits network:\n" +
           run({"sh", "-c",
                "ip -s link show eth0; tc -s qdisc show dev eth0; ip neigh; "
                "grep -E 'now at|next_event' /proc/timer_list"})
               .text +
           "its console:\n" + node_.console();
  } catch (const std::runtime_error& error) {
    return std::string("\nit says nothing about its network: ") + error.what();
  }
}

void Host::set_link(const LinkConditions& conditions) {
  std::vector<std::string> words = {"tc",
                                    "qdisc",
                                    "replace",
                                    "dev",
                                    "eth0",
                                    "root",
                                    "netem",
                                    "limit",
                                    "10000",
                                    "delay",
                                    std::to_string(conditions.delay.count()) + "us"};
  const auto add = [&words](const char* what, double value) {
    if (value > 0) words.insert(words.end(), {what, percent(value)});
  };
  add("loss", conditions.loss_percent);
  add("duplicate", conditions.duplicate_percent);
  add("reorder", conditions.reorder_percent);
  must_run(words);
}

void Host::set_clock(std::chrono::seconds error) {
  must_run({LEASELOCK_CLUSTER_WORKER, "clock", "set", std::to_string((error - clock_error_).count())});
  clock_error_ = error;
}

void Host::set_drift(int ppm) { must_run({LEASELOCK_CLUSTER_WORKER, "clock", "drift", std::to_string(ppm)}); }

}  // namespace leaselock::cluster
