#include "node.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/filesystem/fstream.hpp>
#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <iterator>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "network.hpp"
#include "sandbox.hpp"

namespace leaselock::cluster {
namespace {

namespace fs = boost::filesystem;

void write_line(const fs::path& file, const std::string& text) {
  fs::ofstream out(file);
  out << text << std::flush;
  if (!out) throw std::runtime_error("cannot write " + file.string());
}

std::string read_all(const fs::path& file) {
  fs::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Files of the node that are its own: umid socket, console.
fs::path folder(const std::string& name) { return scratch() / name; }

std::vector<std::string> kernel_words(int number, const std::string& name, const fs::path& disk) {
  std::vector<std::string> words = {
      "linux.uml",
      "mem=192M",
      "root=/dev/root",
      "rootfstype=hostfs",
      "rootflags=/",
      "ro",
      "quiet",
      "con=null",
      "con0=null,fd:1",
      "init=" LEASELOCK_CLUSTER_NODE "/init.sh",
      "umid=" + name,
      "uml_dir=" + folder(name).string(),
      "eth0=tuntap," + Network::data_tap(number) + ',' + Network::data_mac(number) + ',',
      "eth1=tuntap," + Network::control_tap(number) + ',' + Network::control_mac(number) + ',',
      "cluster_name=" + name,
      "cluster_address=" + Network::data_address(number),
      "cluster_control=" + Network::control_address(number),
      "cluster_agent=" LEASELOCK_CLUSTER_AGENT};
  if (!disk.empty()) words.push_back("ubd0=" + disk.string());
  return words;
}

/// One processor each: a kernel whose threads wander between processors is three times as slow.
void pin(int number) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(number) % std::thread::hardware_concurrency(), &set);
  sched_setaffinity(0, sizeof set, &set);
}

[[noreturn]] void become_kernel(int number, const std::string& name, std::vector<std::string> words) {
  setpgid(0, 0);
  pin(number);
  const int console = open((folder(name) / "console").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(console, STDOUT_FILENO);
  dup2(console, STDERR_FILENO);
  setenv("TMPDIR", scratch().c_str(), 1);  // where it keeps its memory
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execvp(arguments.front(), arguments.data());
  _exit(127);
}

}  // namespace

Node::Node(int number, std::string name, fs::path disk)
    : number_(number), name_(std::move(name)), disk_(std::move(disk)) {
  fs::create_directories(folder(name_));
  fs::create_directory(group());
}

Node::~Node() { power_off(); }

fs::path Node::group() const { return control_group() / name_; }

void Node::power_on() {
  if (is_on()) throw std::logic_error(name_ + " is on already");
  const std::vector<std::string> words = kernel_words(number_, name_, disk_);
  process_ = fork();
  if (process_ < 0) throw std::runtime_error("cannot start " + name_);
  if (process_ == 0) {
    write_line(group() / "cgroup.procs", "0");
    become_kernel(number_, name_, words);
  }
}

// A User-Mode Linux drops an alarm that comes while it handles the one before. It sets its timer anew only for a moment
// earlier than the one that it still waits for, so from then on nothing in it that waits for a time goes on: no sleep,
// no repetition of a lost packet. Alarms too many do no harm. Before it has booted they would end it.
void Node::make_up_for_lost_alarms() {
  alarms_ = std::jthread([process = process_](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      kill(process, SIGALRM);
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  });
}

void Node::power_off() {
  if (!is_on()) return;
  write_line(group() / "cgroup.kill", "1");
  alarms_ = {};  // before waitpid() lets another process have its number
  while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) continue;
  process_ = 0;
  set_frozen(false);
}

void Node::set_frozen(bool frozen) {
  write_line(group() / "cgroup.freeze", frozen ? "1" : "0");
  const std::string done = frozen ? "frozen 1" : "frozen 0";
  while (read_all(group() / "cgroup.events").find(done) == std::string::npos) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void Node::freeze() { set_frozen(true); }
void Node::thaw() { set_frozen(false); }

std::string Node::console() const {
  const std::string text = read_all(folder(name_) / "console");
  return text.size() > 2000 ? text.substr(text.size() - 2000) : text;
}

}  // namespace leaselock::cluster
