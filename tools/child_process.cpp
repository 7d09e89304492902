#include "child_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "exit_status.hpp"
#include "process_tree.hpp"

namespace leaselock::tool {

namespace {

std::system_error system_error_of(int error, const std::string& what) {
  return std::system_error(error, std::system_category(), what);
}

bool has_controlling_terminal() {
  const int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  if (terminal < 0) return false;
  close(terminal);
  return true;
}

std::vector<std::string> environment_for(const ChildSettings& settings) {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::string name = text.substr(0, text.find('='));
    const bool replaced = std::any_of(settings.environment.begin(), settings.environment.end(),
                                      [&name](const auto& setting) { return setting.first == name; });
    if (!replaced) environment.push_back(text);
  }
  for (const auto& [name, value] : settings.environment) {
    if (value) environment.push_back(name + "=" + *value);
  }
  return environment;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// Runs in the child between fork and exec, where only async-signal-safe calls are allowed. Returns errno.
int become(char* const* command, char* const* environment, const ChildSettings& settings, bool own_group,
           pid_t parent) {
  setpgid(0, own_group ? 0 : settings.terminal_group);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(exit_signal_base + SIGKILL);
  if (settings.control_group != nullptr) settings.control_group->enter();
  sigprocmask(SIG_SETMASK, &settings.signal_mask, nullptr);
  execvpe(command[0], command, environment);
  return errno;
}

}  // namespace

ChildProcess::ChildProcess(const ChildSettings& settings)
    : own_group_(!has_controlling_terminal()), control_group_(settings.control_group) {
  std::vector<std::string> words = settings.command;
  std::vector<std::string> environment = environment_for(settings);
  const std::vector<char*> arguments = pointers_to(words);
  const std::vector<char*> variables = pointers_to(environment);

  // The pipe closes by itself when exec succeeds; otherwise the reason comes through it.
  std::array<int, 2> report{};
  if (pipe2(report.data(), O_CLOEXEC) != 0) throw system_error_of(errno, "cannot make a pipe");
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) {
    const int error = become(arguments.data(), variables.data(), settings, own_group_, parent);
    [[maybe_unused]] const ssize_t written = write(report[1], &error, sizeof error);
    _exit(exit_not_found);
  }
  const int fork_error = errno;
  close(report[1]);
  int error = 0;
  const bool failed = pid_ > 0 && read(report[0], &error, sizeof error) == sizeof error;
  close(report[0]);
  if (pid_ < 0) throw system_error_of(fork_error, "cannot start a process");
  setpgid(pid_, own_group_ ? pid_ : settings.terminal_group);  // the child does so too: whoever comes first
  if (!failed) return;
  waitpid(pid_, nullptr, 0);
  throw system_error_of(error, "cannot run " + settings.command.front());
}

void ChildProcess::send(int signal_number) const {
  if (status_) return send_to_all(signal_number);  // its id may be somebody else's by now
  kill(own_group_ ? -pid_ : pid_, signal_number);
}

void ChildProcess::send_to_all(int signal_number) const { signal_descendants(getpid(), signal_number); }

void ChildProcess::kill_all() const {
  if (control_group_ != nullptr) control_group_->kill();
  if (!status_) kill(pid_, SIGKILL);  // where there is no /proc
  kill_descendants(getpid());
}

void ChildProcess::fetch_the_ended() {
  int status = 0;
  pid_t ended = 0;
  while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
    if (ended != pid_) continue;
    status_ = WIFSIGNALED(status) ? exit_signal_base + WTERMSIG(status) : WEXITSTATUS(status);
  }
  everything_has_ended_ = ended < 0 && errno == ECHILD;
}

}  // namespace leaselock::tool
