#include "child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace leaselock::testing {

Channel::Channel(Channel&& other) noexcept
    : in_(std::exchange(other.in_, -1)), out_(std::exchange(other.out_, -1)), heard_(std::move(other.heard_)) {}

Channel::~Channel() {
  if (in_ >= 0) ::close(in_);
  if (out_ >= 0) ::close(out_);
}

void Channel::say(const std::string& line) {
  const std::string text = line + '\n';
  if (::write(out_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("the other process does not listen");
  }
}

std::optional<std::string> Channel::hear(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (true) {
    if (const auto end = heard_.find('\n'); end != std::string::npos) {
      std::string line = heard_.substr(0, end);
      heard_.erase(0, end + 1);
      return line;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd waiting{in_, POLLIN, 0};
    if (left.count() < 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0) return std::nullopt;
    std::array<char, 4096> piece;
    const ssize_t got = ::read(in_, piece.data(), piece.size());
    if (got <= 0) return std::nullopt;
    heard_.append(piece.data(), static_cast<std::size_t>(got));
  }
}

Child Child::start(const std::function<void(int in, int out)>& run) {
  int down[2];
  int up[2];
  if (::pipe2(down, O_CLOEXEC) != 0 || ::pipe2(up, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  ::signal(SIGPIPE, SIG_IGN);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == -1) throw std::runtime_error("cannot fork");
  if (pid == 0) {
    // A test program that is ended from outside takes its children along.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(98);
    ::close(down[1]);
    ::close(up[0]);
    run(down[0], up[1]);
    ::_exit(97);
  }
  ::close(down[0]);
  ::close(up[1]);
  return Child(pid, Channel(up[0], down[1]));
}

Child Child::running(const std::function<void(Channel&)>& body) {
  return start([&](int in, int out) {
    try {
      Channel channel(in, out);
      body(channel);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "child %d: %s\n", ::getpid(), error.what());
      ::_exit(99);
    }
    ::_exit(0);
  });
}

Child Child::executing(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  return start([&](int in, int out) {
    ::dup2(in, 0);
    ::dup2(out, 1);
    ::execv(arguments.front(), arguments.data());
  });
}

Child::Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)), channel_(std::move(other.channel_)) {}

Child::~Child() { kill(); }

std::string Child::ask(const std::string& line) {
  say(line);
  return hear().value_or("no answer");
}

void Child::stop() {
  ::kill(pid_, SIGSTOP);
  int status = 0;
  ::waitpid(pid_, &status, WUNTRACED);
}

void Child::go_on() { ::kill(pid_, SIGCONT); }

void Child::kill() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  wait();
}

int Child::wait() {
  int status = 0;
  if (::waitpid(std::exchange(pid_, -1), &status, 0) == -1) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::vector<Child> run_many(int count, const std::function<void(int number, Channel&)>& body) {
  std::vector<Child> children;
  children.reserve(static_cast<std::size_t>(count));
  for (int number = 0; number < count; ++number) {
    children.push_back(Child::running([&](Channel& channel) { body(number, channel); }));
  }
  return children;
}

}  // namespace leaselock::testing
