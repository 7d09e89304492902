// A cluster of NFS hosts (docs/testing.md) that obeys lines on its standard input, words separated by tabs:
//   start ID HOST WORD...   runs a command on a host; each line it says comes as "ID<tab>line", its end as
//   "ID<tab>=STATUS" kill ID                 ends it as kill -9 does mount HOST VERSION      mounts the export; says
//   where directory NAME          makes a directory in the export round-trip US           of every host clock HOST
//   SECONDS      sets a wall clock wrong crash HOST, boot HOST
// Each of these is answered by one line "=<tab>answer", or "!<tab>what went wrong". Exit status 77 where the machine
// cannot have a cluster.
#include <algorithm>
#include <csignal>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

#include "cluster/cluster.hpp"
#include "cluster/requirements.hpp"
#include "cluster/sandbox.hpp"

namespace {

using leaselock::cluster::Cluster;
using leaselock::cluster::RemoteCommand;

constexpr std::size_t hosts = 4;
constexpr int exit_skipped = 77;
using Words = std::vector<std::string>;

class Shell {
 public:
  std::string obey(const Words& words) {
    const std::string& verb = words.at(0);
    if (verb == "start") return start(words);
    if (verb == "kill") return kill(words.at(1));
    if (verb == "directory") return make_directory(words.at(1));
    if (verb == "round-trip") {
      cluster_.set_round_trip(std::chrono::microseconds(std::stol(words.at(1))));
      return {};
    }
    leaselock::cluster::Host& host = cluster_.host(std::stoul(words.at(1)));
    if (verb == "mount") return host.mount(cluster_.server(), "v" + words.at(2), words.at(2)).string();
    if (verb == "clock") host.set_clock(std::chrono::seconds(std::stol(words.at(2))));
    if (verb == "crash") host.crash();
    if (verb == "boot") cluster_.boot(host);
    return {};
  }

  void say(const std::string& who, const std::string& what) {
    const std::lock_guard guard(mutex_);
    std::cout << who + '\t' + what + '\n' << std::flush;
  }

 private:
  struct Started {
    std::size_t host;
    std::shared_ptr<RemoteCommand> command;
    std::jthread end;
  };

  std::string start(const Words& words) {
    const std::string& id = words.at(1);
    Started& started = started_[id];
    started.host = std::stoul(words.at(2));
    started.command =
        cluster_.host(started.host).start({words.begin() + 3, words.end()}, [this, id](const std::string& line) {
          say(id, line);
        });
    started.end = std::jthread([this, id, command = started.command] {
      std::optional<int> status;
      while (!status && !command->has_ended()) status = command->wait(std::chrono::hours(1));
      say(id, '=' + std::to_string(status ? *status : -1));
    });
    return {};
  }

  std::string kill(const std::string& id) {
    const Started& started = started_.at(id);
    if (!started.command->has_ended()) cluster_.host(started.host).signal({started.command}, SIGKILL);
    return {};
  }

  std::string make_directory(const std::string& name) {
    cluster_.server().must_run({"mkdir", "-m", "1777", "/run/disk/export/" + name});
    return name;
  }

  std::mutex mutex_;
  Cluster cluster_{hosts};
  std::map<std::string, Started> started_;
};

Words split(const std::string& line) {
  Words words;
  std::istringstream stream(line);
  for (std::string word; std::getline(stream, word, '\t');) words.push_back(word);
  return words;
}

int serve() {
  Shell shell;
  shell.say("=", "up");
  for (std::string line; std::getline(std::cin, line);) {
    try {
      shell.say("=", shell.obey(split(line)));
    } catch (const std::exception& error) {
      std::string text = error.what();
      std::replace(text.begin(), text.end(), '\n', ' ');
      shell.say("!", text);
    }
  }
  return 0;
}

int skip(const std::string& why) {
  std::cerr << "a cluster of several kernels " << why << '\n';
  return exit_skipped;
}

}  // namespace

int main() {
  if (const std::string reason = leaselock::cluster::missing_requirement(); !reason.empty()) return skip(reason);
  try {
    return leaselock::cluster::run_in_sandbox(serve);
  } catch (const std::system_error& error) {
    return skip(std::string("is refused by this machine: ") + error.what());
  }
}
