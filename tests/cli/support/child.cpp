#include "support/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

namespace leaselock::cli_test {

namespace {

constexpr std::chrono::seconds patience{30};

int next_number() {
  static int number = 0;
  return ++number;
}

[[noreturn]] void become(std::vector<char*>& words, const Settings& settings) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const auto& [name, value] : settings.environment) setenv(name.c_str(), value.c_str(), 1);
  // Opened before the surroundings change: another user may not be able to reach the build directory.
  const int tool = open(LEASELOCK_TOOL, O_RDONLY | O_CLOEXEC);
  // Others may have left descriptors open in the process that runs the tests.
  for (int descriptor = 3; descriptor < 1024; ++descriptor) {
    if (descriptor != tool) close(descriptor);
  }
  if (settings.before_exec && !settings.before_exec()) _exit(99);
  fexecve(tool, words.data(), environ);
  _exit(98);
}

void redirect(const std::string& path, int descriptor) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  dup2(file, descriptor);
  close(file);
}

}  // namespace

Child::Child(const std::vector<std::string>& arguments, const Settings& settings) {
  std::vector<std::string> copies = arguments;
  std::string name = "leaselock";
  std::vector<char*> words{name.data()};
  for (std::string& copy : copies) words.push_back(copy.data());
  words.push_back(nullptr);
  const std::string stem = settings.directory + "/output." + std::to_string(next_number());
  out_path_ = stem + ".out";
  err_path_ = stem + ".err";

  winsize size{24, 80, 0, 0};
  pid_ = settings.on_terminal ? forkpty(&terminal_, nullptr, nullptr, &size) : fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ > 0) return;
  if (!settings.on_terminal) {
    setsid();  // no controlling terminal, wherever the tests were started
    redirect("/dev/null", STDIN_FILENO);
    redirect(out_path_, STDOUT_FILENO);
    redirect(err_path_, STDERR_FILENO);
  }
  become(words, settings);
}

Child::~Child() {
  if (!has_ended()) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (terminal_ >= 0) close(terminal_);
}

void Child::send(int signal_number) const { kill(pid_, signal_number); }

void Child::type(const std::string& text) const {
  if (write(terminal_, text.data(), text.size()) < 0) throw std::runtime_error("cannot type");
}

void Child::resize(unsigned short lines, unsigned short columns) const {
  const winsize size{lines, columns, 0, 0};
  if (ioctl(terminal_, TIOCSWINSZ, &size) != 0) throw std::runtime_error("cannot resize the terminal");
}

void Child::hang_up() {
  close(terminal_);
  terminal_ = -1;
}

termios Child::modes() const {
  termios modes{};
  if (tcgetattr(terminal_, &modes) != 0) throw std::runtime_error("cannot look at the terminal");
  return modes;
}

void Child::read_terminal() {
  if (terminal_ < 0) return;
  std::array<char, 4096> buffer{};
  pollfd ready{terminal_, POLLIN, 0};
  while (poll(&ready, 1, 0) > 0) {
    const ssize_t length = read(terminal_, buffer.data(), buffer.size());
    if (length <= 0) return;
    shown_.append(buffer.data(), static_cast<std::size_t>(length));
  }
}

bool Child::has_ended() {
  read_terminal();
  int status = 0;
  if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_) {
    status_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    read_terminal();
  }
  return status_.has_value();
}

std::string Child::out() {
  read_terminal();
  return terminal_ >= 0 ? shown_ : contents(out_path_);
}

std::string Child::err() { return terminal_ >= 0 ? std::string() : contents(err_path_); }

bool Child::says(const std::string& text) {
  const auto said = [&] { return (out() + err()).find(text) != std::string::npos; };
  return eventually([&] { return said() || has_ended(); }) && said();
}

Result Child::wait() {
  if (!eventually([this] { return has_ended(); })) {
    kill(pid_, SIGKILL);
    throw std::runtime_error("the command did not end; it had written: " + out() + err());
  }
  return Result{*status_, out(), err()};
}

bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace leaselock::cli_test
