#include "processes.hpp"

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace demo {
namespace {

void kill_and_wait(Child& child) {
  if (!child.running) return;
  ::kill(child.pid, SIGKILL);
  while (::waitpid(child.pid, &child.status, 0) < 0 && errno == EINTR) {
  }
  child.running = false;
}

}  // namespace

Processes::~Processes() {
  for (Child& child : children_) kill_and_wait(child);
}

void Processes::start(const std::string& name, const std::vector<std::string>& command) {
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) throw std::system_error(errno, std::system_category(), "cannot start " + name);
  if (pid == 0) {
    ::execv(words.front(), words.data());
    ::_exit(127);
  }
  children_.push_back({name, pid});
}

void Processes::reap() {
  for (Child& child : children_) {
    if (child.running && ::waitpid(child.pid, &child.status, WNOHANG) == child.pid) child.running = false;
  }
}

void Processes::kill(const std::string& name) {
  for (Child& child : children_) {
    if (child.name == name) kill_and_wait(child);
  }
}

bool Processes::any_running() const { return std::ranges::any_of(children_, &Child::running); }

bool Processes::running(const std::string& name) const {
  return std::ranges::any_of(children_, [&](const Child& child) { return child.name == name && child.running; });
}

}  // namespace demo
